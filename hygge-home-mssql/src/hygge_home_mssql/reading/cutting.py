"""Where to cut a column into ranges of about as many rows: values of the server, compared by the server."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from hygge_core import HomeError
from hygge_core.sql import Statement
from hygge_home_mssql.catalogue.keys import key_of
from hygge_home_mssql.catalogue.rows import rows_of
from hygge_home_mssql.catalogue.statistics import histogram_of
from hygge_home_mssql.dialect import MSSQL


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_home_mssql.home_config import Split
    from hygge_home_mssql.reading.rows import Rows
    from hygge_home_mssql.reading.session import Session
    from hygge_home_mssql.types import Column


_STYLES = {
    "date": 121,
    "time": 121,
    "datetime": 121,
    "smalldatetime": 121,
    "datetime2": 121,
    "datetimeoffset": 121,
    "money": 2,
    "smallmoney": 2,
    "binary": 1,
    "rowversion": 1,
}
"""The styles of CONVERT in which a value of the type is written, so that the same style reads it back."""

_LARGE = 4_000_000
_SAMPLE = " TABLESAMPLE SYSTEM (2 PERCENT)"
"""Pages of a table of more than ``_LARGE`` rows, which are enough for ranges of about as many rows."""

_PLAIN = frozenset({"tinyint", "smallint", "int", "bigint", "decimal", "uniqueidentifier", "nchar", "nvarchar"})


def column_for(session: Session, split: Split, rows: Rows) -> Column | None:
    """Choose the column to cut; None where nothing fits ``auto``. Raises `HomeError` for one that was named."""
    if split.by != "auto":
        column = rows.source.column(split.by, session.where)
        if not _fits(column):
            what = f"split.by: column {column.name!r} is {column.written}, whose ranges cannot be told apart surely"
            raise HomeError(what, where=session.where, fix="take a number, a date or time, or a uniqueidentifier")
        return column
    names = key_of(session, rows.source.parts)[:1] if rows.source.parts else ()
    return next((column for column in rows.source.columns if column.name in names and _fits(column)), None)


def ranges(
    session: Session, column: Column, rows: Rows, parts: int, within: Statement | None = None
) -> Sequence[Statement]:
    """Return the conditions of at most ``parts`` ranges, which every row fulfils exactly one of.

    Each bound is the end of one range and the beginning of the next, and stands in both as
    the same text: whatever the server makes of it, it makes twice.  NULLs belong to the first range.
    ``within`` says which rows are wanted at all, for ranges of about as many of them.
    """
    bounds = _bounds(session, column, rows, parts, within)
    if not bounds:
        return ()
    name, value = MSSQL.quote(column.name), _bound(column)
    first = Statement(f"{name} < {value} OR {name} IS NULL", (bounds[0],))
    middle = (Statement(f"{name} >= {value} AND {name} < {value}", pair) for pair in pairwise(bounds))
    return (first, *middle, Statement(f"{name} >= {value}", (bounds[-1],)))


def _fits(column: Column) -> bool:
    return not column.expression and (column.type in _PLAIN or column.type in _STYLES)


def _bound(column: Column) -> str:
    style = _STYLES.get(column.type)
    kind = "binary(8)" if column.type == "rowversion" else column.written
    return f"CAST(? AS {kind})" if style is None else f"CONVERT({kind}, ?, {style})"


def _text(column: Column, value: str) -> str:
    style = _STYLES.get(column.type)
    return f"CONVERT(nvarchar(4000), {value}{'' if style is None else f', {style}'})"


def _bounds(session: Session, column: Column, rows: Rows, parts: int, within: Statement | None) -> list[str]:
    """Ask the statistics of the table, else the values themselves; fewer bounds where values repeat."""
    table = rows.source.parts
    if table and not rows.conditions and within is None:
        known = histogram_of(session, table, column, _text(column, "h.value"), parts)
        if known:
            return known
        if (rows_of(session, table) or 0) > _LARGE:
            with suppress(HomeError):  # a view, or a server that takes no samples: then all of it is sorted
                return _quantiles(session, rows.quantiles(*_asked(column, parts), sample=_SAMPLE))
    return _quantiles(session, rows.quantiles(*_asked(column, parts), within))


def _asked(column: Column, parts: int) -> tuple[str, int, str]:
    return MSSQL.quote(column.name), parts, _text(column, "MIN(v)")


def _quantiles(session: Session, statement: Statement) -> list[str]:
    """Return the lowest value of all parts but the first, in the server's own order, each once."""
    found = [text for (text,) in session.rows(statement) if text is not None]
    return list(dict.fromkeys(found))[1:]
