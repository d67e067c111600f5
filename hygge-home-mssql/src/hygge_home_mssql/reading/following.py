"""How far a watermark's column goes on the server, taken so that no row can come below it later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from hygge_core import HomeError
from hygge_core.mark import Mark
from hygge_core.sql import Statement
from hygge_home_mssql.dialect import MSSQL
from hygge_home_mssql.engines.shape import Shape
from hygge_home_mssql.types import dtype_text_of, why_not_followed


if TYPE_CHECKING:
    from hygge_core.mark import Range
    from hygge_home_mssql.reading.rows import Rows
    from hygge_home_mssql.reading.session import Session
    from hygge_home_mssql.types import Column


_SMALL = 1 << 16
_FIRST_ACTIVE = Statement("SELECT CAST(MIN_ACTIVE_ROWVERSION() AS binary(8))")


@frozen(kw_only=True)
class Followed:
    """The column of a range. ``settled`` is the last rowversion below which nothing is open, None for other types."""

    column: Column
    settled: int | None = None


def follow(session: Session, column: Column, rows: Rows) -> Followed:
    """Look at a column before the session's snapshot begins. Raises `HomeError` for one that cannot be followed.

    A rowversion is given when a row is written, and seen when its transaction ends: a transaction that is open
    now may hold lower ones than others that ended.  What is below the lowest open one is complete.
    """
    reason = why_not_followed(column, rows.shape.options)
    if reason and column.type not in _ASKED_OF_CORE:
        raise HomeError(
            f"column {column.name!r} is {column.written}, which cannot be a watermark: {reason}",
            where=session.where,
            fix="take a rowversion, a datetime2 that every change sets, or a number that only grows",
        )
    if column.type != "rowversion":
        return Followed(column=column)
    try:
        first_active = session.value(_FIRST_ACTIVE)
    except HomeError as error:
        what = f"this server does not say which rowversions are settled (MIN_ACTIVE_ROWVERSION): {error.what}"
        fix = f"follow another column than {column.name!r}"
        raise HomeError(what, where=session.where, fix=fix) from error
    return Followed(column=column, settled=int.from_bytes(first_active, "big") - 1)


_ASKED_OF_CORE = frozenset({"char", "varchar", "nchar", "nvarchar"})
"""Text is refused, or allowed by ``watermark.text``, where the setting is known."""


def highest(session: Session, followed: Followed, rows: Rows) -> Mark | None:
    """Ask for the column's highest value that is settled, None when no row has a value."""
    column, dtype = followed.column, dtype_text_of(followed.column, rows.shape.options)
    if followed.settled is not None:
        filled = Statement(f"{MSSQL.quote(column.name)} IS NOT NULL")
        if not session.value(rows.any(filled)):
            return None
        return Mark(dtype=dtype, text=_settled_text(followed.settled, dtype))
    return _mark(session, column, rows)


def narrowed(wanted: Range | None, followed: Followed | None, high: Mark | None) -> Range | None:
    """Add the high end that was found to a range that has none, where rows beyond it are not wanted."""
    if wanted is None or followed is None:
        return None
    if wanted.high is None and high is not None and (wanted.low is not None or not wanted.nulls):
        return evolve(wanted, high=high)
    return wanted


def _settled_text(settled: int, dtype: str) -> str:
    return f"{settled:016x}" if dtype == "binary" else str(settled)


def _mark(session: Session, column: Column, rows: Rows) -> Mark | None:
    """Select the highest value as any other value of the column, so that it becomes the very same one."""
    from hygge_core.watermark.marks import mark_of

    expression = f"MAX({column.expression or MSSQL.quote(column.name)})"
    shape = Shape(columns=(evolve(column, expression=expression),), options=rows.shape.options)
    (frame,) = session.batches(evolve(rows, shape=shape).select(), shape, _SMALL)
    return mark_of(frame.to_series())
