from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hygge_core import HomeError
from hygge_core.home import Counts, Discovers, ListsFiles, Probes, ReadRequest, Scans


REQUEST = ReadRequest(entity="e")


def parquet(frame, **options):
    target = io.BytesIO()
    frame.write_parquet(target, **options)
    return target.getvalue()


FRAME = pl.DataFrame({"a": [1, 2, 3], "b": ["x", None, "z"]})


def test_one_file_is_read_as_it_is(table):
    frame = pl.DataFrame(
        {
            "n": [Decimal("1.50")],
            "t": [dt.datetime(2020, 1, 1, tzinfo=dt.UTC)],
            "s": [{"x": [1, 2]}],
            "b": [b"\x00"],
            "^.*$": [1],
        },
        schema_overrides={"n": pl.Decimal(38, 10), "t": pl.Datetime("ns", "Europe/Berlin")},
    )
    assert table("parquet", {"a.parquet": parquet(frame)}).equals(frame)


def test_files_that_agree_can_pass_as_they_are(read, tmp_path):
    reading = read("parquet", {"t/b.parquet": parquet(FRAME), "t/a.parquet": parquet(FRAME)}, path="t")
    assert isinstance(reading, Scans)
    assert isinstance(reading, ListsFiles)
    assert list(reading.files()) == [str(tmp_path / "t/a.parquet"), str(tmp_path / "t/b.parquet")]


def test_columns_in_another_order_are_read_by_name_and_do_not_pass_as_they_are(read, table):
    files = {"t/1.parquet": parquet(FRAME), "t/2.parquet": parquet(FRAME.select("b", "a"))}
    assert table("parquet", files, path="t").equals(pl.concat([FRAME, FRAME]))
    assert list(read("parquet", files, path="t").files()) == []


def test_missing_and_extra_columns_are_policies(read, table):
    files = {"t/1.parquet": parquet(FRAME), "t/2.parquet": parquet(FRAME.select("a", c=pl.lit(1) == 1))}
    with pytest.raises(HomeError, match=r"2\.parquet: has columns that .* does not have: 'c'"):
        read("parquet", files, path="t")
    with pytest.raises(HomeError, match=r"2\.parquet: lacks columns of the table: 'b'"):
        read("parquet", files, path="t", extra_columns="ignore")
    both = table("parquet", files, path="t", extra_columns="add", missing_columns="null")
    assert both["b"].to_list() == ["x", None, "z", None, None, None]
    assert both["c"].to_list() == [None, None, None, True, True, True]
    ignored = table("parquet", files, path="t", extra_columns="ignore", missing_columns="null")
    assert ignored.columns == ["a", "b"]


def test_types_that_differ_are_shown(read):
    files = {"t/1.parquet": parquet(FRAME), "t/2.parquet": parquet(FRAME.cast({"a": pl.Int32}))}
    with pytest.raises(HomeError, match=r"2\.parquet: column 'a' is int32 here and int64 in .*1\.parquet"):
        read("parquet", files, path="t")


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" * 10, b"hello" * 100, parquet(FRAME)[:-20]])
def test_what_is_no_whole_parquet_file_is_named(read, open_home, content):
    files = {"t/1.parquet": parquet(FRAME), "t/2.parquet": content}
    with pytest.raises(HomeError, match=r"2\.parquet: "):
        read("parquet", files, path="t")
    with pytest.raises(HomeError, match=r"2\.parquet: "):
        open_home("parquet", path="t").count(REQUEST)


def test_damage_in_the_middle_is_named_on_both_roads(read):
    data = bytearray(parquet(pl.DataFrame({"a": range(50_000)}), row_group_size=10_000))
    page = pq.read_metadata(io.BytesIO(data)).row_group(2).column(0).data_page_offset
    data[page : page + 40] = b"\xff" * 40
    good = parquet(pl.DataFrame({"a": range(50_000)}))
    files = {"t/1.parquet": good, "t/2.parquet": bytes(data)}
    with pytest.raises(HomeError, match=r"2\.parquet: cannot be read"):
        list(read("parquet", files, path="t").batches())
    reading = read("parquet", files, path="t")
    with pytest.raises(pl.exceptions.PolarsError) as caught:
        reading.scan().collect(engine="streaming")
    assert reading.explain(caught.value).where.endswith("2.parquet")
    assert reading.explain(ValueError("mine")) is None


def test_rows_are_counted_from_footers(open_home, read):
    read("parquet", {"t/1.parquet": parquet(FRAME), "t/2.parquet": parquet(FRAME.clear())}, path="t")
    home = open_home("parquet", path="t")
    assert isinstance(home, Counts)
    assert isinstance(home, Discovers)
    assert isinstance(home, Probes)
    assert home.count(REQUEST) == 3


def test_zero_rows_and_two_thousand_columns(table):
    assert table("parquet", {"a.parquet": parquet(FRAME.clear())}).schema == FRAME.schema
    wide = pl.DataFrame({f"c{number}": [number] for number in range(2000)})
    assert table("parquet", {"a.parquet": parquet(wide)}).equals(wide)


def test_zero_columns(read, tmp_path):
    pq.write_table(pa.table({}), tmp_path / "none.parquet")
    with pytest.raises(HomeError, match=r"none\.parquet: the file has no columns"):
        read("parquet", {"x": ""}, path="none.parquet")


@pytest.mark.parametrize(
    "name", ["a[1].parquet", "{b}.parquet", "we ird %20.parquet", "q'uo😀.parquet", "a=1/b.parquet"]
)
def test_odd_file_names_are_literal(table, open_home, name):
    assert table("parquet", {name: parquet(FRAME)}).equals(FRAME)
    assert open_home("parquet", path=name).count(REQUEST) == 3


def test_parquet_entities_are_located_discovered_and_probed(open_home, read, tmp_path):
    read("parquet", {"t/x.parquet": parquet(FRAME), "t/y.parquet": b"PAR1"}, path="t/x.parquet")
    home = open_home("parquet", path="t/{entity}.parquet")
    assert home.locate(ReadRequest(entity="x")) == str(tmp_path / "t/x.parquet")
    assert list(home.discover()) == ["x", "y"]
    assert [finding.what for finding in home.probe("x")][1:] == ["2 columns can be read"]
    assert [finding.ok for finding in home.probe("y")] == [True, False]
    home.close()
