"""Which column could be the watermark of a table, why, and what to know of its other columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygge_core import HomeError
from hygge_home_mssql.types import Options, dtype_text_of


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from hygge_home_mssql.types import Column


_MOMENTS = frozenset({"datetime", "datetime2", "datetimeoffset", "smalldatetime"})
_CHANGED = re.compile(r"modif|updat|chang|edit|touch|(?:^|_)(?:mtime|ts)$|geaendert|geändert", re.IGNORECASE)
_NUMBERS = frozenset({"tinyint", "smallint", "int", "bigint", "decimal"})
_SEVENTH_DIGIT = 7


def proposed(columns: Sequence[Column], key: Sequence[str]) -> tuple[str | None, str]:
    """Return the proposed column, None for none, and the reason."""
    found, why = _best(columns)
    if found and not key:
        return None, f"{found.name} would tell changes, but no key tells rows apart: name one to follow it"
    return (found.name if found else None), why


def notes_on(columns: Iterable[Column]) -> Iterator[str]:
    """Yield one sentence for each column whose type needs a choice, or cannot be read."""
    for column in columns:
        try:
            dtype_text_of(column, Options())
        except HomeError as error:
            yield f"{error.what}; {error.fix}"
        if column.type in _MOMENTS and column.scale == _SEVENTH_DIGIT:
            yield (
                f"{column.name} is {column.written}: a seventh digit that is not 0 stops the table unless "
                "on_100ns says what becomes of it"
            )


def _best(columns: Sequence[Column]) -> tuple[Column | None, str]:
    """Prefer what the server itself keeps, then what programs should, then what only grows."""
    if found := _first(columns, lambda column: column.type == "rowversion"):
        return found, f"{found.name} is a rowversion, which the server sets with every insert and update"
    if found := _first(columns, lambda column: column.type in _MOMENTS and bool(_CHANGED.search(column.name))):
        return found, f"{found.name} seems to be set by every change: check that it is, by every program"
    if found := _first(columns, lambda column: column.identity and column.type in _NUMBERS):
        return found, f"{found.name} is an identity, so new rows are found and updates are missed"
    return None, "no column tells what changed, so the table is replaced whole"


def _first(columns: Iterable[Column], fits: Callable[[Column], bool]) -> Column | None:
    return next((column for column in columns if fits(column)), None)
