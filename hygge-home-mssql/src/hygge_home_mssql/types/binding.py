"""Bounds of a range as the server compares them: each in the column's own type and scale.

A bound of another type changes what is compared: against a ``datetime2`` the third digit of a
``datetime`` is .0033333, and the row that gave the bound lies beyond it.  So every bound is text that
the server itself turns into the column's type: that is the same for all drivers, some of which cut other parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import evolve

from hygge_core.sql import Span, within
from hygge_home_mssql.dialect import MSSQL
from hygge_home_mssql.types.table import crossing_of


if TYPE_CHECKING:
    from hygge_core.mark import Mark, Range
    from hygge_core.sql import Statement
    from hygge_home_mssql.types.column import Column
    from hygge_home_mssql.types.options import Options


Edge = Literal["low", "high"]

_INTEGERS = {"tinyint": (0, 2**8 - 1), "smallint": (-(2**15), 2**15 - 1), "int": (-(2**31), 2**31 - 1)}
_FIRST_AND_LAST = {
    "datetime": ("1753-01-01T00:00:00.000", "9999-12-31T23:59:59.997"),
    "smalldatetime": ("1900-01-01T00:00", "2079-06-06T23:59"),
}
_LENGTHS = {
    "date": len("2026-01-31"),
    "smalldatetime": len("2026-01-31T10:00"),
    "datetime": len("2026-01-31T10:00:00.000"),
}
_BINARIES = frozenset({"rowversion", "binary"})
_MOMENTS = frozenset({"date", "time", "datetime", "smalldatetime", "datetime2", "datetimeoffset"})
_NUMBERS = frozenset({"tinyint", "smallint", "int", "bigint", "decimal", "money", "smallmoney"})
_ORDERED = _NUMBERS | _MOMENTS | _BINARIES

_REASONS = {
    "uniqueidentifier": "the server orders it by its last bytes first, and a new value is not the highest",
    "varbinary": "the server takes 0x01 and 0x0100 for equal",
    "real": "it is rounded, so a bound may miss the rows at it",
    "float": "it is rounded, so a bound may miss the rows at it",
    "bit": "it has only two values",
}
_AS_TEXT = "it is read as text, which the server orders by a collation and hygge by its bytes"


def why_not_followed(column: Column, options: Options) -> str:
    """Say why a column cannot be a watermark; empty for one that can. Raises `HomeError` for a type without a dtype."""
    if crossing_of(column, options).dtype == "string":
        return _REASONS.get(column.type, _AS_TEXT)
    return (
        "" if column.type in _ORDERED else _REASONS.get(column.type, "it has no order that the server and hygge share")
    )


def condition_of(column: Column, wanted: Range) -> Statement | None:
    """Keep to a range, to no less than its rows; None when every row may pass."""
    span = Span(
        low=wanted.low and bound_of(column, wanted.low, "low"),
        high=wanted.high and bound_of(column, wanted.high, "high"),
    )
    dialect = evolve(MSSQL, parameter=placeholder_of(column))
    return within(dialect, column.expression or MSSQL.quote(column.name), [span], nulls=wanted.nulls)


def placeholder_of(column: Column) -> str:
    """Write the parameter so that the server makes its text a value of the column's type."""
    if column.type in _BINARIES:
        return "CONVERT(varbinary(8000), ?, 1)"
    return f"CAST(? AS {column.written})"


def bound_of(column: Column, mark: Mark, edge: Edge) -> str:
    """Write a mark as text for the placeholder, moved outwards where the column has coarser steps than the mark.

    A mark that the type cannot hold becomes the type's first or last value.
    """
    if column.type in _MOMENTS:
        return _moment(column, mark.text, edge)
    if column.type in _BINARIES:
        return "0x" + (mark.text if mark.dtype == "binary" else f"{int(mark.text):016x}")
    if column.type in _INTEGERS:
        least, most = _INTEGERS[column.type]
        return str(max(least, min(most, int(mark.text))))
    return mark.text


def _moment(column: Column, text: str, edge: Edge) -> str:
    """Cut a date or time to the digits of its column; a high bound that lost a digit reaches to its end."""
    text = text.replace(" ", "T")
    if column.type in _LENGTHS:
        first, last = _FIRST_AND_LAST.get(column.type, ("", "~"))
        cut = min(max(text[: _LENGTHS[column.type]], first), last)
        return f"{cut}:00" if column.type == "smalldatetime" else cut
    zone = "+00:00" if column.type == "datetimeoffset" else ""
    clock, _, fraction = text.removesuffix("Z").partition(".")
    filler = "9" if edge == "high" else "0"
    digits = fraction.ljust(column.scale, filler)[: column.scale]
    return clock + (f".{digits}" if digits else "") + zone
