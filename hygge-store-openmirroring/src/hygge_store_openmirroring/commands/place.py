"""What a command was given: a folder that is a landing zone, or the name of a flow that publishes into one."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hygge_core.errors import HyggeError, UsageError
from hygge_store_openmirroring.commands.chosen import chosen_of, opened_place


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.cli.session import Session
    from hygge_core.lake import Lake
    from hygge_core.lakes.local import LocalLake
    from hygge_store_openmirroring.commands.chosen import Chosen


_PATH = re.compile(r"[/\\]|^\.|^[A-Za-z]:")


@contextmanager
def opened_zone(session: Session, name: str, project: Path | None, variables: Sequence[str]) -> Iterator[Lake]:
    """Open a landing zone for as long as a context lasts.

    What has a separator in it is a folder of this machine; another name is a flow's if there is one, and
    else a folder's.  Raises `UsageError` for what is neither.
    """
    chosen = None if _PATH.search(name) else _flow(session, name, project, variables)
    if chosen is None:
        yield open_zone(Path(name))
        return
    with opened_place(chosen) as place:
        yield place.zone


def open_zone(path: Path) -> LocalLake:
    """Open a folder of this machine. Raises `UsageError` for one that is not there."""
    from hygge_core.lakes.local import LocalLake

    if not path.is_dir():
        raise UsageError("is not a folder", where=str(path), fix="give the folder LandingZone of a mirrored database")
    return LocalLake(path)


def _flow(session: Session, name: str, project: Path | None, variables: Sequence[str]) -> Chosen | None:
    try:
        return chosen_of(session, name, project, variables)
    except HyggeError:
        if Path(name).is_dir():
            return None
        raise
