"""Finding a project, and what must be known of it before any plugin is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomli

from hygge_core.errors import UsageError


if TYPE_CHECKING:
    from pathlib import Path


FILE = "hygge.toml"
"""The file at the root of every project."""


def find_project(start: Path) -> Path:
    """Find ``hygge.toml`` in a folder or the nearest folder above it; ``start`` may be the file itself.

    Raises `UsageError` that lists the folders.
    """
    start = start.resolve()
    if start.is_file():
        return start
    folders = [start, *start.parents]
    for folder in folders:
        if (folder / FILE).is_file():
            return folder / FILE
    looked = ", ".join(str(folder) for folder in folders)
    raise UsageError(f"there is no {FILE} in {looked}", fix="run `hygge init` to start a project, or change to one")


def disabled_plugins(file: Path) -> tuple[str, ...]:
    """Read ``[options] disable_plugins`` and nothing else.

    Never raises: a file with faults is read as far as it can be, up to the line that is
    not TOML, so that a plugin which must not be imported is not.  `load_project` reports
    the faults afterwards.  Environment variables are not expanded here.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return ()
    options = _readable(text).get("options")
    names = options.get("disable_plugins") if isinstance(options, dict) else None
    return tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()


def _readable(text: str) -> dict[str, Any]:
    """Parse what comes before the first fault."""
    lines = text.split("\n")
    while lines:
        try:
            return tomli.loads("\n".join(lines))
        except tomli.TOMLDecodeError as error:
            lines = lines[: min(error.lineno, len(lines)) - 1]
        except (ValueError, RecursionError):
            return {}
    return {}
