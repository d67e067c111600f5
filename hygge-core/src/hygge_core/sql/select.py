"""The few statements that a home needs, put together from quoted names and conditions.

``columns`` and ``column`` are SQL: names quoted by the dialect, or expressions that the home
wrote.  ``source`` is what `hygge_core.sql.source` made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.sql.statement import Statement


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core.sql.dialect import Dialect


def select(
    dialect: Dialect, columns: Iterable[str], source: str, where: Statement | None = None, *, rows: int | None = None
) -> Statement:
    """Select columns, at most so many ``rows`` of them, in no particular order."""
    first, last = ("", "") if rows is None else (part.format(rows=rows) for part in (dialect.first, dialect.last))
    return _select(first + ", ".join(columns), source, where, last)


def count(source: str, where: Statement | None = None) -> Statement:
    """Count rows."""
    return _select("COUNT(*)", source, where)


def highest(column: str, source: str, where: Statement | None = None) -> Statement:
    """Find the highest value, NULL when there is none."""
    return _select(f"MAX({column})", source, where)


def lowest(column: str, source: str, where: Statement | None = None) -> Statement:
    """Find the lowest value, NULL when there is none."""
    return _select(f"MIN({column})", source, where)


def exists(source: str, where: Statement) -> Statement:
    """Say whether a row fulfils a condition: 1 or 0."""
    found = _select("1", source, where)
    return Statement(f"SELECT CASE WHEN EXISTS ({found.text}) THEN 1 ELSE 0 END", found.parameters)


def _select(what: str, source: str, where: Statement | None, last: str = "") -> Statement:
    text = f"SELECT {what} FROM {source}"  # noqa: S608 - names come quoted, values as parameters
    return Statement(text + last) if where is None else Statement(f"{text} WHERE {where.text}{last}", where.parameters)
