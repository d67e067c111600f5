"""Statistics tell how far a column goes, for every writer, or are not relied on."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.parquet.footer import Statistics, read_footer
from hygge_core.parquet.statistics import extent_of


INTEGERS = [pl.Int8(), pl.Int16(), pl.Int32(), pl.Int64(), pl.UInt8(), pl.UInt16(), pl.UInt32(), pl.UInt64()]
MOMENTS = [pl.Date(), pl.Datetime("ms"), pl.Datetime("us"), pl.Datetime("ns"), pl.Datetime("us", "UTC")]


def by_polars(frame, **settings):
    file = io.BytesIO()
    frame.write_parquet(file, **settings)
    return file


def by_pyarrow(frame, **settings):
    file = io.BytesIO()
    pq.write_table(frame.to_arrow(), file, **settings)
    return file


def series_of(dtype):
    """Draw series of one dtype, by the numbers that it is stored as."""
    physical = dtype if dtype.is_integer() else pl.Int32() if dtype == pl.Date else pl.Int64()
    low, high = pl.select(low=physical.min(), high=physical.max()).row(0) if dtype.is_integer() else (-7 << 17, 2 << 20)
    numbers = st.lists(st.none() | st.integers(low, high), max_size=30)
    return numbers.map(lambda values: pl.Series("a", values, dtype=physical).cast(dtype))


tables = st.sampled_from(INTEGERS + MOMENTS).flatmap(lambda dtype: st.lists(series_of(dtype), min_size=1, max_size=3))


@given(files=tables, group=st.integers(1, 9), write=st.sampled_from([by_polars, by_pyarrow]))
def test_they_agree_with_the_rows(files, group, write):
    frames = [pl.DataFrame({"b": each.cast(pl.String), "a": each}) for each in files]
    footers = [read_footer(write(frame, row_group_size=group)) for frame in frames]
    whole = pl.concat(files)
    found = extent_of(footers, "a", whole.dtype)
    assert found is not None
    assert (found.high, found.nulls) == (whole.to_physical().max(), whole.null_count())


@pytest.mark.parametrize(
    "series",
    [
        pl.Series([1.5]),
        pl.Series(["text"]),
        pl.Series([b"bytes"]),
        pl.Series([Decimal("1.5")]),
        pl.Series([dt.time(1)]),
        pl.Series([True]),
        pl.Series([[1]]),
    ],
    ids=str,
)
def test_other_types_are_left_to_a_scan(series):
    footer = read_footer(by_polars(pl.DataFrame({"a": series})))
    assert extent_of([footer], "a", series.dtype) is None


def test_without_statistics_or_without_the_column_nothing_is_said():
    frame = pl.DataFrame({"a": [1, 2]})
    bare = read_footer(by_polars(frame, statistics=False))
    full = read_footer(by_polars(frame))
    assert extent_of([bare], "a", pl.Int64()) is None
    assert extent_of([full, bare], "a", pl.Int64()) is None
    assert extent_of([full, read_footer(by_polars(frame.rename({"a": "b"})))], "a", pl.Int64()) is None
    assert extent_of([full], "c", pl.Int64()) is None


def test_timestamps_of_twelve_bytes_are_left_to_a_scan():
    table = pa.table({"a": pa.array([1, 2], pa.timestamp("ns"))})
    file = io.BytesIO()
    pq.write_table(table, file, use_deprecated_int96_timestamps=True)
    assert extent_of([read_footer(file)], "a", pl.Datetime("ns")) is None


def test_what_the_writer_calls_inexact_is_left_to_a_scan():
    data = by_polars(pl.DataFrame({"a": [1, 2]})).getvalue()
    assert extent_of([read_footer(io.BytesIO(data))], "a", pl.Int64()).high == 2
    lowest = (1).to_bytes(8, "little")  # the last field of the statistics, before the byte that ends them
    body, length = data[:-8], int.from_bytes(data[-8:-4], "little")
    before, _, after = body.rpartition(lowest)
    inexact = before + lowest + b"\x12" + after + (length + 1).to_bytes(4, "little") + b"PAR1"
    assert extent_of([read_footer(io.BytesIO(inexact))], "a", pl.Int64()) is None


def test_one_row_group_without_a_highest_value_is_enough_to_scan():
    footer = read_footer(by_polars(pl.DataFrame({"a": [1, 2]}), row_group_size=1))
    first, second = footer.row_groups
    (chunk,) = second.chunks
    silent = evolve(second, chunks=(evolve(chunk, statistics=Statistics(nulls=0)),))
    assert extent_of([evolve(footer, row_groups=(first, silent))], "a", pl.Int64()) is None
    empty = evolve(second, chunks=(evolve(chunk, statistics=Statistics(nulls=1)),))
    assert extent_of([evolve(footer, row_groups=(first, empty))], "a", pl.Int64()).nulls == 1
