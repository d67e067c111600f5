"""What loading a plugin does, seen in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Mapping


_WATCHING = "hygge_core.plugins.watching"
_SECONDS = 300
"""A plugin that has not loaded by then never will."""


@frozen(kw_only=True)
class Loading:
    """What came of loading the plugins of one distribution and reading their example settings.

    ``known`` are the modules that hygge itself had loaded to read a project, ``loaded`` those that came with the
    plugins, ``importers`` who asked for each first.  ``said`` is what went to standard output and error,
    ``reached`` each attempt to use the network, ``warnings`` each warning as ``file:line: text``.
    """

    known: frozenset[str]
    loaded: frozenset[str]
    importers: Mapping[str, str]
    said: str
    reached: tuple[str, ...]
    warnings: tuple[str, ...]

    def chain(self, module: str) -> str:
        """Say who imported whom until this module was: ``acme.plugin -> acme.frames -> polars``."""
        return " -> ".join(self._way(module))

    def tops_on_the_way(self, module: str) -> set[str]:
        """Name the top-level modules in the chain that ends with a module."""
        return {_top(name) for name in self._way(module)}

    def _way(self, module: str) -> list[str]:
        names = [module]
        while (importer := self.importers.get(names[0], "")) in self.importers and importer not in names:
            names.insert(0, importer)
        return names

    def foreign(self, own: frozenset[str]) -> tuple[str, ...]:
        """Name the top-level modules that are neither the plugin's own, nor Python's, nor loaded by hygge anyway.

        Those with an underscore, such as ``__mp_main__`` and the cores of extensions, come only with others.
        """
        anyway = sys.stdlib_module_names | {_top(module) for module in self.known} | own
        tops = {_top(module) for module in self.loaded if not module.startswith("_")}
        return tuple(sorted(tops - anyway))


def watch_loading(distribution: str, examples: Mapping[str, Mapping[str, object]]) -> Loading:
    """Load the plugins of a distribution in a new interpreter and read their settings there, once for all callers."""
    return _watched(distribution, json.dumps(examples, sort_keys=True), tuple(sys.path))


@cache
def _watched(distribution: str, examples: str, path: tuple[str, ...]) -> Loading:
    with TemporaryDirectory() as folder:
        given, report = Path(folder, "examples.json"), Path(folder, "report.json")
        given.write_text(examples, encoding="utf-8")
        done = subprocess.run(  # noqa: S603 - starts this interpreter with a module of ours
            [sys.executable, "-P", "-m", _WATCHING, distribution, str(given), str(report)],
            env=_environment(path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )
        said = done.stdout.decode(errors="replace")
        if not report.exists():
            raise AssertionError(f"broken promise: {distribution} can be loaded. It ended the process:\n{said}")
        found = json.loads(report.read_text(encoding="utf-8"))
    return Loading(
        known=frozenset(found["known"]),
        loaded=frozenset(found["loaded"]),
        importers=found["importers"],
        said=said,
        reached=tuple(found["reached"]),
        warnings=tuple(found["warnings"]),
    )


def _environment(path: tuple[str, ...]) -> dict[str, str]:
    """Let the other interpreter see the same packages, and no switch of this environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HYGGE_")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, path)), "PYTHONUTF8": "1"}


def _top(module: str) -> str:
    return module.partition(".")[0]
