"""Where the rows of a CSV file begin, and what its columns are called."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core import HomeError
from hygge_home_files.archives import Piece  # noqa: TC001 - part of the data below
from hygge_home_files.csv_records import Lines, parse


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hygge_home_files.config import CsvConfig


@frozen(kw_only=True)
class Layout:
    """One CSV file in UTF-8: its columns, and the lines and bytes that come before its rows."""

    piece: Piece
    names: tuple[str, ...]
    lines: int
    offset: int


def layout_of(piece: Piece, settings: CsvConfig) -> Layout | None:
    """Read the header of a file, or count the fields of its first row if it has none.

    Returns None for a file without any line that counts.  Raises `HomeError` for column
    names that are empty or appear twice.
    """
    with piece.path.open("rb") as stream:
        lines = Lines(stream, label=piece.label, comment=settings.comment)
        lines.skip(settings.skip_rows)
        start = (lines.number, lines.offset)
        first = next((record for record in parse(lines, settings) if not record.blank), None)
        if first is None:
            return None
        if settings.header:
            start = (lines.number, lines.offset)
        names = settings.names or (tuple(first.fields) if settings.header else _numbered(len(first.fields)))
        where = f"{piece.label}:{first.line}"
    _check_names(names, width=len(first.fields), where=where)
    return Layout(piece=piece, names=names, lines=start[0], offset=start[1])


def alike(layouts: Iterable[Layout]) -> Iterator[tuple[Layout, ...]]:
    """Group neighbours that one scan can read together."""
    for _, group in itertools.groupby(layouts, key=lambda layout: (layout.names, layout.lines)):
        yield tuple(group)


def _numbered(width: int) -> tuple[str, ...]:
    return tuple(f"column_{number}" for number in range(1, width + 1))


def _check_names(names: tuple[str, ...], *, width: int, where: str) -> None:
    if len(names) != width:
        what = f"the line has {width} fields, and 'names' gives {len(names)}"
        raise HomeError(what, where=where, fix="give a name for each column, and check 'separator'")
    if "" in names:
        what = f"column {names.index('') + 1} has no name"
        raise HomeError(what, where=where, fix="name all columns with 'names'")
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise HomeError(f"two columns are called {name!r}", where=where, fix="name all columns with 'names'")
