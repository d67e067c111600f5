"""docs/plugins.md says what the code does: messages, hooks, keys and the example."""

from __future__ import annotations

import inspect
import json
import re
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from hygge_core import __version__, hookspecs
from hygge_core.plugins import Plugins


PAGE = (Path(__file__).parents[3] / "docs" / "plugins.md").read_text(encoding="utf-8")
HOOKS = {
    name: function for spec in hookspecs.SPECS for name, function in vars(spec).items() if name.startswith("hygge_")
}


VARIATIONS = {"bad_entry_points", "several_faults", "clash_siblings", "newer_copy", "same_target"}
"""Folders that need neighbours, or show a fault of the page on another hook or name."""


def fakes():
    folder = Path(__file__).parents[2] / "plugins"
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name not in VARIATIONS)


@pytest.mark.parametrize("folder", fakes())
def test_every_fault_that_a_plugin_can_have_alone_is_on_the_page(load, folder):
    (*statuses,) = load(folder).statuses
    for fault in [fault for status in statuses for fault in status.faults]:
        assert f"`{fault.what.replace(__version__, '0.1.0')}`" in PAGE


def test_every_warning_is_on_the_page(load):
    slip = load("sound", disabled=["acme-atic"])
    shared = load("sound", "same_entry_name", environ={"HYGGE_DISABLE_PLUGINS": "attic"})
    for warning in (*slip.warnings, *shared.warnings):
        assert f"\n{warning}\n" in PAGE


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_on_the_page_with_its_signature(hook):
    parameters = [name for name in inspect.signature(HOOKS[hook]).parameters if name != "self"]
    assert f"| `{hook}({', '.join(parameters)})` |" in PAGE


def test_the_example_is_a_plugin_that_loads():
    (code,) = re.findall(r"```python\n(# src/acme_attic/plugin.py\n.*?)```", PAGE, re.DOTALL)
    module = ModuleType("acme_attic_of_the_page")
    exec(compile(code, "docs/plugins.md", "exec"), vars(module))  # noqa: S102 - that is what a reader does with it
    sys.modules[module.__name__] = module
    plugins = Plugins.load(environ={}, entry_points=[EntryPoint("attic", module.__name__, "hygge")])
    assert plugins.store("attic").summary == "Boxes under the roof"
    assert plugins.store("attic").config(box="left").lid


def test_every_key_of_the_document_is_on_the_page(hygge):
    document = json.loads(hygge("-m", "hygge_core", "plugins", "--output", "json", folders=("late_error",)).stdout)
    plugin = next(plugin for plugin in document["plugins"] if plugin["distribution"] == "acme-late-error")
    section = PAGE.partition("## For programs")[2]
    for key in [*document, *plugin, *plugin["faults"][0], "kind", "name", "summary"]:
        assert re.search(rf"`(plugins\[\])?\.?{key}`", section), key
