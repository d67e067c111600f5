"""hygge-core declares all that it imports, as the kit demands of every plugin."""

from __future__ import annotations

import re
import sys
from itertools import chain
from pathlib import Path

import tomli

import hygge_core
from hygge_core.plugins.discovery import canonical
from hygge_core.testing.imports import imports_of


ROOT = Path(__file__).parents[2]
CALLED = {"attr": "attrs", "yaml": "pyyaml"}
"""Modules that are called otherwise than their distributions."""


def test_every_import_is_declared():
    project = tomli.loads((ROOT / "hygge-core" / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [*project["dependencies"], *chain.from_iterable(project["optional-dependencies"].values())]
    declared = {canonical(re.match(r"[\w.-]+", line)[0]) for line in lines}
    known = sys.stdlib_module_names | {"hygge_core"}
    undeclared = [
        f"{each.where}: {each.module}"
        for each in imports_of(Path(hygge_core.__file__).parent)
        if (top := each.module.split(".")[0]) not in known
        and not each.for_types
        and canonical(CALLED.get(top, top)) not in declared
    ]
    assert undeclared == []
