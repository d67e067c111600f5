"""The range is exact, and what the store shows is left out exactly once."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.errors import StoreError
from hygge_core.mark import Mark, Range
from hygge_core.watermark.boundary import Boundary, versions


MAYBE = st.none() | st.integers(-3, 3)
ROWS = st.lists(st.tuples(MAYBE, MAYBE), max_size=12)
NAMES = st.sampled_from(["t", "*", "^t.*$", "when is it", 'a"b'])


def mark(number):
    return None if number is None else Mark(dtype="int64", text=str(number))


def frame(rows, column="t"):
    return pl.DataFrame(rows, schema={"id": pl.Int64, column: pl.Int64}, orient="row")


MARKS = MAYBE.map(mark)
RANGES = st.builds(Range, column=NAMES, low=MARKS, high=MARKS, nulls=st.booleans())


def belongs(value, wanted):
    if value is None:
        return wanted.nulls
    return (not wanted.low or int(wanted.low.text) <= value) and (not wanted.high or value <= int(wanted.high.text))


@given(ROWS, RANGES)
def test_the_rows_of_a_range_are_those_within_both_bounds(rows, wanted):
    boundary = Boundary(range=wanted)
    expected = [row for row in rows if belongs(row[1], wanted)]
    assert boundary.within(frame(rows, wanted.column)).rows() == expected
    assert boundary.within(frame(rows, wanted.column).lazy()).collect(engine="streaming").rows() == expected


@given(ROWS, ROWS, RANGES)
def test_a_version_that_the_store_shows_in_the_range_is_left_out_and_no_other(rows, stored, wanted):
    shown = versions(frame(stored, "known as").lazy(), wanted, ["id", "known as"], frame([], "known as").schema, "")
    boundary = Boundary(range=wanted, seen=shown, version=["id", "known as"])
    found = boundary.within(frame(rows, wanted.column)).rename({wanted.column: "known as"})
    expected = [row for row in rows if belongs(row[1], wanted) and row not in stored]
    for asked in (boundary, boundary.gathered()):
        assert sorted(asked.unseen(found.lazy()).collect().rows(), key=str) == sorted(expected, key=str)


@given(ROWS, RANGES)
def test_no_more_of_the_store_is_held_than_the_versions_in_the_range(stored, wanted):
    shown = versions(frame(stored, "known as").lazy(), wanted, ["known as"], frame([], "known as").schema, "")
    assert shown.collect().rows() == [(row[1],) for row in stored if belongs(row[1], wanted)]


def test_without_a_range_everything_passes():
    rows = frame([(1, 1), (None, None)])
    assert not Boundary().filters
    assert Boundary().within(rows).equals(rows)
    assert Boundary().gathered().unseen(rows.lazy()).collect().equals(rows)


def test_a_table_without_the_columns_that_tell_rows_apart_is_refused():
    wanted = Range(column="t")
    with pytest.raises(StoreError) as caught:
        versions(frame([]).lazy(), wanted, ["id", "name", "when"], pl.Schema(), "lake/teas")
    assert str(caught.value) == (
        "lake/teas: the table shows no column 'name', 'when', by which its rows are told apart; "
        "load it anew with --full-drop"
    )


def test_a_store_that_keeps_another_dtype_is_compared_by_value():
    stored = pl.LazyFrame({"id": [1, 2], "t": [1, 2]}, schema={"id": pl.Int32, "t": pl.Int32})
    wanted = Range(column="t", low=mark(1))
    shown = versions(stored, wanted, ["id", "t"], frame([]).schema, "")
    found = Boundary(range=wanted, seen=shown, version=["id", "t"]).unseen(frame([(1, 1), (3, 3)]).lazy())
    assert found.collect().rows() == [(3, 3)]


def test_the_bounds_reach_the_statistics_of_parquet_files(tmp_path):
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"t": pl.Series(range(100)).cast(pl.Datetime("ns", "Asia/Tokyo"))}).write_parquet(path)
    low = Mark(dtype="datetime[ns, Asia/Tokyo]", text="1970-01-01T00:00:00.000000090Z")
    found = Boundary(range=Range(column="t", low=low)).within(pl.scan_parquet(path))
    assert "SELECTION" in found.explain()
    assert "FILTER" not in found.explain()
    assert found.select(pl.len()).collect().item() == 10
