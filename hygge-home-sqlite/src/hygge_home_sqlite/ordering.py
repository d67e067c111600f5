"""Ranges of a column that SQLite itself can keep to, and the column's highest value.

SQLite orders by storage class first: numbers, then texts, then blobs.  A range is left to it
only where all values are stored so that this order is the order of the dtype; elsewhere
every row is read.  The engine filters exactly in either case, so a condition may keep
more than the range but never less.
"""

from __future__ import annotations

import math
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from hygge_core.schema import dtype_of
from hygge_core.sql import Span, Statement, exists, highest, lowest, within
from hygge_core.watermark.marks import value_of
from hygge_home_sqlite.config import SQLITE
from hygge_home_sqlite.values import Misfit, read, stored


if TYPE_CHECKING:
    from hygge_core.mark import Mark, Range
    from hygge_home_sqlite.columns import Column
    from hygge_home_sqlite.snapshot import Snapshot
    from hygge_home_sqlite.source import Source


Kind = Literal["number", "day", "moment", "text", "bytes", ""]

_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_SHAPES = {"day": _DAY, "moment": f"{_DAY}[ T][0-9][0-9]:[0-9][0-9]*"}
_LAST = "~"
"""A sign that sorts after all those of dates and times."""

_ENCODING = Statement("PRAGMA encoding")
_LARGEST = 2**63 - 1


class Ordering:
    """The order that SQLite gives the values of one column in a snapshot."""

    def __init__(self, snapshot: Snapshot, source: Source, column: Column) -> None:
        self._snapshot = snapshot
        self._source = source
        self._column = column
        self._kind = _kind(column.dtype)
        binary = " COLLATE BINARY" if self._kind in ("day", "moment", "text") else ""
        self._sql = column.sql + binary

    def condition(self, wanted: Range) -> Statement | None:
        """Keep to a range as far as SQLite's order allows; None where every row has to be read."""
        marks = [mark for mark in (wanted.low, wanted.high) if mark]
        if marks and not (all(_kind(dtype_of(mark.dtype)) == self._kind for mark in marks) and self.tells):
            return None
        return within(SQLITE, self._sql, _spans(self._kind, wanted), nulls=wanted.nulls)

    def highest(self) -> pl.Series | None:
        """Return a series of the highest value alone; None where SQLite's order does not tell it."""
        if not self.tells:
            return None
        found = [self._end]
        if self._kind == "moment" and self._end and self._end[10] == "T":
            blank = within(SQLITE, self._sql, [Span(high=f"{self._end[:10]} {_LAST}")])
            found.append(self._snapshot.value(highest(self._sql, self._source.text, blank)))
        try:
            values = read(stored(found, self._column.dtype).alias(self._column.name), self._column.dtype)
        except Misfit:
            return None
        return values if len(values) == 1 else values.sort(descending=True, nulls_last=True).head(1)

    @cached_property
    def tells(self) -> bool:
        """Whether all values are stored in a way in which SQLite's order is the order of the dtype."""
        match self._kind:
            case "number":
                return not isinstance(self._end, str | bytes)
            case "day" | "moment":
                return not self._snapshot.value(exists(self._source.text, self._misshaped()))
            case "text":
                texts = all(isinstance(value, str | None) for value in (self._end, self._begin))
                return texts and self._snapshot.value(_ENCODING) == "UTF-8"
            case "bytes":
                return isinstance(self._begin, bytes | None)
        return False

    @cached_property
    def _end(self) -> Any:
        return self._snapshot.value(highest(self._sql, self._source.text))

    @cached_property
    def _begin(self) -> Any:
        return self._snapshot.value(lowest(self._sql, self._source.text))

    def _misshaped(self) -> Statement:
        """Look for values that are no texts beginning as dates and times do, up to the minute."""
        name = self._column.sql
        return Statement(
            f"{name} IS NOT NULL AND (typeof({name}) <> 'text' OR {name} NOT GLOB ?)", (_SHAPES[self._kind],)
        )


def _kind(dtype: pl.DataType) -> Kind:
    if dtype.is_numeric():
        return "number"
    if isinstance(dtype, pl.Datetime):
        return "" if dtype.time_zone else "moment"
    kinds: dict[type[pl.DataType], Kind] = {pl.Date: "day", pl.String: "text", pl.Binary: "bytes"}
    return kinds.get(type(dtype), "")


def _spans(kind: Kind, wanted: Range) -> list[Span]:
    """Write the range as values of SQLite.

    Moments are cut to the minute, since seconds may be left out in a text.  Those of one day
    sort in two runs: all with a blank in the middle before all with a ``T``.
    """
    low, high = wanted.low, wanted.high
    if kind == "moment":
        latest = high and f"{high.text[:16]}{_LAST}"
        if low is None:
            return [Span(high=latest)]
        day, minute = low.text[:10], low.text[11:16]
        return [Span(low=f"{day} {minute}", high=f"{day} {_LAST}"), Span(low=f"{day}T{minute}", high=latest)]
    if kind == "number":
        return [Span(low=low and _number(low, -math.inf), high=high and _number(high, math.inf))]
    write = value_of if kind == "bytes" else lambda mark: mark.text
    return [Span(low=low and write(low), high=high and write(high))]


def _number(mark: Mark, towards: float) -> int | float | None:
    """Return a number that SQLite can compare with, a little further out where it would be rounded."""
    value = value_of(mark)
    if isinstance(value, Decimal):
        return math.nextafter(float(value), towards)
    return value if -_LARGEST <= value <= _LARGEST else None
