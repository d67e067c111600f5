"""Watches the plugins of one distribution being loaded; a program that `hygge_core.testing.loading` starts.

It lies outside of the kit, which is heavy itself: ``python -m hygge_core.plugins.watching DISTRIBUTION EXAMPLES
REPORT``, where EXAMPLES is a file with the example settings as JSON and REPORT the file to write.
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING

from hygge_core.config.example import read_example
from hygge_core.hookspecs import PROJECT
from hygge_core.plugins import Plugins


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ANYWAY = ("hygge_core.cli.loading", "packaging.requirements", "packaging.utils")
"""What hygge imports where it finds any plugin and reads a project."""

_NETWORK = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}


class Importers:
    """Notes for each module which module asked for it first; finds nothing itself."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> None:
        """Note who asks, and leave it to the next finder."""
        del path, target
        frame = sys._getframe(1)  # noqa: SLF001 - the only way to know who asks
        while frame.f_back and frame.f_globals.get("__name__", "").startswith("importlib"):
            frame = frame.f_back
        self.of.setdefault(name, frame.f_globals.get("__name__", ""))


def _watch(name: str, examples: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    points = distribution(name).entry_points.select(group=PROJECT)
    for module in _ANYWAY:
        import_module(module)
    importers, reached = Importers(), list[str]()
    before = {*sys.modules}
    sys.meta_path.insert(0, importers)
    sys.addaudithook(lambda event, arguments: _note(event, arguments, reached))
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        plugins = Plugins.load(entry_points=points, environ={})
        loaded = sorted({*sys.modules} - before)
        _read(plugins, examples)
    return {
        "known": sorted(before),
        "loaded": loaded,
        "importers": importers.of,
        "reached": reached,
        "warnings": [f"{each.filename}:{each.lineno}: {each.message}" for each in heard],
    }


def _note(event: str, arguments: tuple[object, ...], reached: list[str]) -> None:
    if event in _NETWORK:
        where = next((str(each) for each in arguments if isinstance(each, str | tuple)), "")
        reached.append(f"{event} {where}".rstrip())
        raise OSError("the network is out of reach while plugins are loaded and settings read")


def _read(plugins: Plugins, examples: Mapping[str, Mapping[str, object]]) -> None:
    for title, settings in examples.items():
        try:
            read_example(plugins, title, settings)
        except Exception:  # noqa: BLE001, S112 - another case tells of it
            continue


if __name__ == "__main__":
    _, watched, given, report = sys.argv
    found = _watch(watched, json.loads(Path(given).read_text(encoding="utf-8")))
    Path(report).write_text(json.dumps(found), encoding="utf-8")
