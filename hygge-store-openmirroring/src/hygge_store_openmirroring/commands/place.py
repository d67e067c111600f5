"""Opening the landing zone that a command was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.errors import UsageError


if TYPE_CHECKING:
    from pathlib import Path

    from hygge_core.lakes.local import LocalLake


def open_zone(path: Path) -> LocalLake:
    """Open a folder of this machine. Raises `UsageError` for one that is not there."""
    from hygge_core.lakes.local import LocalLake

    if not path.is_dir():
        raise UsageError("is not a folder", where=str(path), fix="give the folder LandingZone of a mirrored database")
    return LocalLake(path)
