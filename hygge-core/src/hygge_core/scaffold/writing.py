"""Putting a new package into a folder that has nothing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.errors import HyggeError, UsageError


if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files of a package. Overwrites nothing: raises `UsageError` when the folder holds anything.

    Raises `HyggeError` where the system does not let it write.
    """
    try:
        _demand_empty(folder)
        for path, text in texts.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        where, what = str(error.filename or folder), error.strerror or str(error)
        raise HyggeError(what, where=where, fix="choose a folder that can be written, with --into") from error


def _demand_empty(folder: Path) -> None:
    fix = "nothing was written; move it away, or choose another folder with --into"
    if folder.is_dir():
        if any(folder.iterdir()):
            raise UsageError("the folder is not empty", where=str(folder), fix=fix)
    elif folder.exists() or folder.is_symlink():
        raise UsageError("there is a file of that name", where=str(folder), fix=fix)
