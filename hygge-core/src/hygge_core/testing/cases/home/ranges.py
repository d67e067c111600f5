"""A home may be asked for less than a whole table; what it gives holds at least that."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from hygge_core.mark import Range
from hygge_core.testing.cases.home.declared import FOLLOWED, Declared
from hygge_core.testing.frames import of_dtype, small
from hygge_core.testing.readings import rows_of
from hygge_core.watermark.boundary import inside
from hygge_core.watermark.marks import mark_of


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.home import Home, ReadRequest
    from hygge_core.mark import Mark
    from hygge_core.testing.readings import Fill


_VALUES = st.none() | st.integers(0, 12)
_FEW = settings(max_examples=20, deadline=None, derandomize=True, database=None)


class RangeCases(Declared):
    """A superset is allowed, since the engine filters what comes; a missing row is lost for good."""

    promise: ClassVar[str] = "asking for a range or for some columns loses no row"

    @pytest.mark.parametrize("columns", [("id",), ("name", "id"), ("amount", "name", "id")])
    def test_chosen_columns_come_with_every_row(self, home: Home, fill: Fill, columns: tuple[str, ...]) -> None:
        frame = small(0, 50)
        found = rows_of(home, evolve(fill("columns", frame), columns=columns))
        absent = [name for name in columns if name not in found.columns]
        assert not absent, f"broken promise: columns that were asked for come; {absent} are not in {found.columns}"
        chosen, expected = (each.select(columns).sort("id") for each in (found, frame))
        assert chosen.equals(expected), f"broken promise: {columns} come with every row: {chosen} is not {expected}"

    def test_ranges_lose_no_row(self, home: Home, fill: Fill) -> None:
        frame = _numbered()
        request = fill("ranges", frame)

        @_FEW
        @given(low=_VALUES, high=_VALUES, nulls=st.booleans())
        def within(low: int | None, high: int | None, nulls: bool) -> None:  # noqa: FBT001 - drawn by name
            bounds = [None if bound is None else _mark(frame, "number", bound) for bound in (low, high)]
            wanted = Range(column="number", low=bounds[0], high=bounds[1], nulls=nulls)
            _demand_all(home, evolve(request, range=wanted), frame)

        within()

    def test_a_range_and_chosen_columns_lose_no_row(self, home: Home, fill: Fill) -> None:
        frame = _numbered()
        mark = _mark(frame, "number", 6)
        request = evolve(fill("both", frame), columns=("id", "number"))
        for wanted in (Range(column="number", low=mark), Range(column="number", high=mark, nulls=True)):
            _demand_all(home, evolve(request, range=wanted), frame.select("id", "number"))

    @pytest.mark.parametrize("dtype", FOLLOWED)
    def test_ranges_of_each_dtype_lose_no_row(self, home: Home, fill: Fill, dtype: str) -> None:
        frame = of_dtype(dtype)
        twice = pl.concat([frame, frame.with_columns(pl.col("id") + 3)])
        request = self.followed(home, dtype, lambda: fill("dtypes", twice), twice)
        rows = self.as_declared(dtype, twice)
        for wanted in _ranges(rows):
            _demand_all(home, evolve(request, range=wanted), rows)


def _numbered() -> pl.DataFrame:
    """Make a table whose numbers repeat, are missing here and there, and lie between 1 and 11."""
    number = pl.when(pl.col("id") % 7 != 3).then(pl.col("id") * 5 % 11 + 1)
    return pl.DataFrame(pl.int_range(0, 120, eager=True).alias("id")).with_columns(number=number, name=pl.lit("x"))


def _mark(frame: pl.DataFrame, name: str, value: object) -> Mark:
    mark = mark_of(pl.Series([value], dtype=frame.schema[name]))
    assert mark is not None
    return mark


def _ranges(rows: pl.DataFrame) -> Iterator[Range]:
    """Yield ranges that begin and end at the two values of the frame, or nowhere."""
    low, high = (mark_of(rows["value"].drop_nulls().sort().slice(at, 1)) for at in (0, -1))
    for first, last, nulls in ((low, low, False), (high, None, True), (None, low, False), (low, high, True)):
        yield Range(column="value", low=first, high=last, nulls=nulls)


def _demand_all(home: Home, request: ReadRequest, rows: pl.DataFrame) -> None:
    """Fail unless every row of the range comes once, and no row comes that is not in the table."""
    assert request.range is not None
    found, wanted = rows_of(home, request), rows.filter(inside(request.range))
    expected = rows.filter(pl.col("id").is_in(found["id"].implode()))
    chosen = found.select(rows.columns).sort("id")
    lost = sorted(set(wanted["id"]) - set(found["id"]))
    assert not lost, f"broken promise: a range loses no row; of {request.range} the rows {lost} are missing"
    assert chosen.equals(expected.sort("id")), (
        f"broken promise: a range changes no row and repeats none; for {request.range} come\n{chosen}\nof\n{rows}"
    )
