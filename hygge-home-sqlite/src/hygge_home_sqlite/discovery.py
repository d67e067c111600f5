"""The entities that a home could read: names of tables and views, or of files, that fit its settings."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from hygge_core.home import ReadRequest
from hygge_home_sqlite.source import names


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hygge_home_sqlite.home import SqliteHome


_PLACE = "{entity}"


def entities(home: SqliteHome) -> Iterator[str]:
    """Yield the names that ``{entity}`` could stand for now, in order; nothing where it stands for nothing."""
    if _PLACE in home.settings.path:
        yield from _files(home.project / Path(home.settings.path).expanduser())
    elif _PLACE in home.settings.table and not home.settings.query:
        request = ReadRequest(entity=_PLACE)
        snapshot = home.open(request)
        try:
            found = names(snapshot)
        finally:
            snapshot.close()
        yield from _matches(home.settings.table.rpartition(".")[2].strip('"[]`'), found)


def _files(place: Path) -> Iterator[str]:
    """Look for files where the first part of the path with the entity in it says."""
    step = next(part for part in place.parts if _PLACE in part)
    at = place.parts.index(step)
    folder, rest = Path(*place.parts[:at]), place.parts[at + 1 :]
    found = sorted(child.name for child in folder.iterdir()) if folder.is_dir() else []
    for name in _matches(step, found):
        whole = (part.replace(_PLACE, name) for part in (step, *rest))
        if folder.joinpath(*whole).is_file():
            yield name


def _matches(template: str, found: Iterable[str]) -> Iterator[str]:
    before, _, after = template.partition(_PLACE)
    pattern = re.compile(f"{re.escape(before)}(.+){re.escape(after)}", re.DOTALL)
    yield from (match[1] for match in map(pattern.fullmatch, found) if match)
