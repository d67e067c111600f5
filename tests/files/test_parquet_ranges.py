"""A range of a Parquet table costs the row groups in it: the others are not read, and its end is known from footers."""

from __future__ import annotations

import datetime as dt
import io

import polars as pl
import pytest

from hygge_core.home import Isolated, KnowsRows, Ranged, ReadRequest, Scans
from hygge_core.mark import Mark, Range
from hygge_core.parquet.footer import read_footer
from hygge_core.watermark.config import WatermarkConfig
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import entity, go


LEAP_DAY = dt.datetime(2024, 2, 29, 12, 0, 0, 5)  # noqa: DTZ001 - a column without a zone


def parquet(frame, **options):
    target = io.BytesIO()
    frame.write_parquet(target, **options)
    return target.getvalue()


def asked(column):
    return ReadRequest(entity="e", flow="f", range=Range(column=column))


def rows(count):
    return pl.select(id=pl.int_range(count)).with_columns(text=pl.format("row {}", "id"))


def with_torn_row_groups(data, torn_groups=slice(None)):
    """Overwrite the pages of some row groups."""
    torn = bytearray(data)
    for group in read_footer(io.BytesIO(data)).row_groups[torn_groups]:
        for chunk in group.chunks:
            torn[chunk.start : chunk.start + chunk.size] = b"\xff" * chunk.size
    return bytes(torn)


def test_the_end_of_a_range_comes_from_the_footers_though_no_page_could_be_read(read):
    frame = pl.DataFrame({"id": [3, 1, None], "at": [LEAP_DAY, None, None]})
    files = {"t/1.parquet": parquet(frame), "t/2.parquet": parquet(frame.with_columns(id=pl.col("id") + 10))}
    torn = {name: with_torn_row_groups(data) for name, data in files.items()}
    numbers, moments = (read("parquet", torn, path="t", request=asked(name)) for name in ("id", "at"))
    assert isinstance(numbers, Ranged)
    assert (numbers.high(), numbers.has_nulls()) == (Mark(dtype="int64", text="13"), True)
    assert moments.high() == Mark(dtype="datetime[us]", text="2024-02-29T12:00:00.000005")
    assert isinstance(numbers, Scans)
    assert isinstance(numbers, KnowsRows)
    assert numbers.rows() == 6


def test_a_column_of_nulls_and_a_table_without_rows_have_no_end(read):
    nothing = pl.DataFrame({"id": [None, None]}, schema={"id": pl.Int32})
    reading = read("parquet", {"a.parquet": parquet(nothing)}, request=asked("id"))
    assert (reading.high(), reading.has_nulls()) == (None, True)
    reading = read("parquet", {"b.parquet": parquet(nothing.clear())}, request=asked("id"))
    assert (reading.high(), reading.has_nulls()) == (None, False)


@pytest.mark.parametrize("options", [{"statistics": False}, {}], ids=["no statistics", "text"])
def test_where_statistics_cannot_be_relied_on_the_engine_looks_itself(read, options):
    reading = read("parquet", {"a.parquet": parquet(rows(5), **options)}, request=asked("id" if options else "text"))
    assert not isinstance(reading, Ranged)
    assert isinstance(reading, Scans)
    assert not isinstance(read("parquet", {"a.parquet": parquet(rows(5))}, request=asked("gone")), Ranged)


@pytest.mark.parametrize("kind", ["csv", "ndjson", "parquet"])
def test_every_format_says_what_a_change_meanwhile_means(read, kind):
    data = {"csv": "a\n1\n", "ndjson": '{"a": 1}\n', "parquet": parquet(pl.DataFrame({"a": [1]}))}[kind]
    reading = read(kind, {f"x.{kind}": data})
    assert isinstance(reading, Isolated)
    assert reading.isolation.snapshot
    assert reading.isolation.name == "files unchanged while read"


@pytest.mark.parametrize("kind", ["csv", "ndjson"])
def test_texts_are_counted_as_they_would_be_read(open_home, tmp_path, kind):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n3\n4,5\n", "utf-8")
    (tmp_path / "x.ndjson").write_text('{"a": 1}\n{"a": \n{"a": 2}\n', "utf-8")
    home = open_home(kind, path=f"x.{kind}", bad_rows="skip")
    assert home.count(ReadRequest(entity="e")) == 2


def test_a_run_reads_only_the_row_groups_of_its_range(tmp_path, open_home):
    source = tmp_path / "in.parquet"
    source.write_bytes(parquet(rows(250_000), row_group_size=25_000))
    settings = {"run_type": "incremental", "watermark": WatermarkConfig(column="id", key=("id",))}

    def moved():
        store = open_parquet_store(ParquetStoreConfig(path="lake/{entity}"), tmp_path)
        report, _ = go(entity(open_home("parquet", path="in.parquet"), store, **settings))
        return report.tables[0]

    assert moved().state == "committed"
    # The first row groups stay whole: the head of the table tells the sink how wide the rows are.
    grown = with_torn_row_groups(parquet(rows(300_000), row_group_size=25_000), slice(2, 9))
    source.write_bytes(grown)
    outcome = moved()
    assert outcome.error == ""
    assert pl.read_parquet(tmp_path / "lake/teas").sort("id").equals(rows(300_000))
    source.write_bytes(with_torn_row_groups(grown, slice(11, 12)))
    assert moved().state == "failed", "the row group at the mark is read, so its damage is seen"
