"""Why an append lets through what it does: what readers really make of old and new files in one folder."""

from __future__ import annotations

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from hygge_core.drift import compare
from hygge_core.errors import DriftRefused
from hygge_core.schema import columns_of


OLD = pl.DataFrame({"id": [1, 2], "x": pl.Series([3, 4], dtype=pl.Int32)})


def _polars(folder):
    return sorted(pl.read_parquet(folder / "*.parquet").select("id", "x").rows())


def _duckdb(folder):
    return sorted(duckdb.connect().execute("SELECT id, x FROM read_parquet($1)", [f"{folder}/*.parquet"]).fetchall())


def _pyarrow(folder):
    return sorted((row["id"], row["x"]) for row in ds.dataset(folder).to_table().to_pylist())


READERS = (_polars, _duckdb, _pyarrow)
FAILURES = (pl.exceptions.PolarsError, duckdb.Error, pa.ArrowException, KeyError, TypeError)


def _reads(reader, folder, expected):
    try:
        return reader(folder) == expected
    except FAILURES:
        return False


@pytest.fixture
def both(tmp_path):
    def write(new):
        OLD.write_parquet(tmp_path / "1.parquet")
        new.write_parquet(tmp_path / "2.parquet")
        return tmp_path

    return write


def test_another_order_is_read_right_by_every_reader(both):
    new = pl.DataFrame({"x": pl.Series([6], dtype=pl.Int32), "id": [5]})

    assert all(_reads(reader, both(new), [(1, 3), (2, 4), (5, 6)]) for reader in READERS)
    assert compare(columns_of(OLD.schema), columns_of(new.schema)).check("freeze", mode="append", where="t")


def test_an_added_column_leaves_the_old_ones_readable_with_defaults_or_one_option(both):
    new = pl.DataFrame({"id": [5], "x": pl.Series([6], dtype=pl.Int32), "y": ["new"]})
    folder = both(new)

    assert _duckdb(folder) == _pyarrow(folder) == [(1, 3), (2, 4), (5, 6)]
    assert pl.scan_parquet(folder / "*.parquet", extra_columns="ignore").collect().height == 3
    assert compare(columns_of(OLD.schema), columns_of(new.schema)).check("evolve", mode="append", where="t")


@pytest.mark.parametrize(
    "new",
    [
        pl.DataFrame({"id": [5], "x": [2**40]}),
        pl.DataFrame({"id": [5], "x": [2.25]}),
        pl.DataFrame({"id": [5], "x": ["six"]}),
        pl.DataFrame({"id": [5]}),
        pl.DataFrame({"id": [5], "X": pl.Series([6], dtype=pl.Int32)}),
    ],
    ids=["widened", "another sort", "incompatible", "removed", "recased"],
)
def test_what_an_append_refuses_would_have_cost_two_of_three_readers_the_new_rows(both, new):
    expected = [(1, 3), (2, 4), *((*row, None)[:2] for row in new.rows())]

    assert sum(_reads(reader, both(new), expected) for reader in READERS) <= 1
    with pytest.raises(DriftRefused):
        compare(columns_of(OLD.schema), columns_of(new.schema)).check("evolve", mode="append", where="t")
