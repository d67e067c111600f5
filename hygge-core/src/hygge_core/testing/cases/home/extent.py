"""What a reading says of a column before its first row is what its rows hold."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest
from attrs import evolve

from hygge_core.home import Ranged, Scans
from hygge_core.mark import Mark, Range
from hygge_core.schema import text_of
from hygge_core.testing.cases.home.declared import FOLLOWED, Declared
from hygge_core.testing.frames import of_dtype, small
from hygge_core.testing.judge import needs
from hygge_core.watermark.marks import mark_of, retyped


if TYPE_CHECKING:
    from hygge_core.home import Home, ReadRequest
    from hygge_core.testing.readings import Fill


class ExtentCases(Declared):
    """A mark that is too high loses rows; nulls that are not told of never arrive."""

    promise: ClassVar[str] = "the highest value of a column, and whether values are missing, are told as they are"

    @pytest.mark.parametrize("dtype", FOLLOWED)
    def test_the_highest_value_is_that_of_the_rows(self, home: Home, fill: Fill, dtype: str) -> None:
        frame = of_dtype(dtype)
        request = self.followed(home, dtype, lambda: fill("highest", frame), frame)
        rows = self.as_declared(dtype, frame)
        highest = rows["value"].drop_nulls().sort().slice(-1, 1)
        _tells(home, request, Range(column="value"), highest, nulls=True)
        request = fill("highest", frame.head(1))
        _tells(home, request, Range(column="value"), rows["value"].head(1), nulls=False)

    @pytest.mark.parametrize(("low", "high"), [(299, None), (1000, None), (None, 5), (7, 9)])
    def test_the_highest_value_does_not_depend_on_the_range(
        self, home: Home, fill: Fill, low: int | None, high: int | None
    ) -> None:
        frame = small(0, 300)
        wanted = Range(column="id", low=_number(low), high=_number(high))
        _tells(home, fill("beyond", frame), wanted, frame["id"].tail(1), nulls=False)

    def test_a_column_without_values_has_no_highest(self, home: Home, fill: Fill) -> None:
        needs("nulls" not in {**self.refuses, **self.reads_as}, "a column of nulls says nothing of its dtype")
        frame = pl.DataFrame({"id": [1, 2], "value": [None, None]}, schema_overrides={"value": pl.Int64()})
        _tells(home, fill("without", frame), Range(column="value"), frame["value"].head(1), nulls=True)

    def test_an_empty_table_has_no_highest(self, home: Home, fill: Fill) -> None:
        needs("empty" not in {**self.refuses, **self.reads_as}, "an empty table says nothing of its dtypes")
        empty = pl.DataFrame(schema={"id": pl.Int64(), "value": pl.Int64()})
        nothing = pl.Series([None], dtype=pl.Int64())
        _tells(home, fill("hollow", empty), Range(column="value"), nothing, nulls=False)


def _number(value: int | None) -> Mark | None:
    return None if value is None else Mark(dtype="int64", text=str(value))


def _tells(home: Home, request: ReadRequest, wanted: Range, highest: pl.Series, *, nulls: bool) -> None:
    """Fail unless the reading tells this highest value of the range's column, and whether there are nulls."""
    with closing(home.read(evolve(request, range=wanted))) as reading:
        if not isinstance(reading, Ranged):
            engine = "the engine looks through its scan" if isinstance(reading, Scans) else "it cannot be followed"
            pytest.skip(f"the reading does not tell how far a column goes: {engine}")
        high, expected = reading.high(), mark_of(highest)
        high = high and retyped(high, text_of(reading.schema[wanted.column]))
        assert high == expected, f"broken promise: the highest value of {wanted.column!r} is {expected}, not {high}"
        found = reading.has_nulls()
        assert found == nulls, (
            f"broken promise: it is told whether {wanted.column!r} has rows without a value: {nulls}, not {found}"
        )
