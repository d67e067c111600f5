"""The process in which contracts are tried: pytest, with settings of its own and none of the current folder's.

``python -m hygge_core.conformance.child MODULE... [--only TEXT...]``: lines of JSON on standard output, all that pytest
or a case prints on standard error.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from hygge_core.conformance.recorder import Recorder


if TYPE_CHECKING:
    from collections.abc import Sequence


_SETTINGS = """\
[pytest]
addopts = --strict-config
filterwarnings = error
python_files = *.py
xfail_strict = true
"""
"""All that pytest is told by a file."""


def main(words: Sequence[str]) -> int:
    """Try the contracts of some modules and return pytest's exit code."""
    parser = ArgumentParser()
    parser.add_argument("modules", nargs="+")
    parser.add_argument("--only", action="append", default=[])
    asked = parser.parse_args(words)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as lines, TemporaryDirectory() as folder:
        os.dup2(2, 1)
        settings = Path(folder, "pytest.ini")
        settings.write_text(_SETTINGS, "utf-8")
        options = ["-c", str(settings), "--rootdir", folder, "--import-mode=importlib", "--noconftest"]
        plain = ["-p", "no:cacheprovider", "--tb=short", "--color=no", "-q"]
        return int(pytest.main([*options, *plain, "--pyargs", *asked.modules], plugins=[Recorder(lines, asked.only)]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
