"""Rows take the straightest road that both ends allow, and arrive the same on each."""

from __future__ import annotations

import itertools
import time

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hygge_core import HomeError
from hygge_core.engine import Stop
from hygge_core.polish.config import ColumnsConfig, PolishConfig
from hygge_core.testing import MemoryHome, MemoryPlace, MemoryStore
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import FRAME, FileHome, ScriptedHome, entity, go


LOUD = PolishConfig(columns=ColumnsConfig(case="pascal"))


@pytest.fixture
def lake(tmp_path):
    def open_lake(**settings):
        return open_parquet_store(ParquetStoreConfig(path="lake/{entity}", **settings), tmp_path)

    return open_lake


def landed(tmp_path, name="teas"):
    """Read what landed with DuckDB, which shares no code with hygge."""
    found = duckdb.read_parquet(f"{tmp_path}/lake/{name}/**/*.parquet").order("all").pl()
    return found.cast({column: dtype for column, dtype in FRAME.schema.items() if column in found.columns})


def written(tmp_path, *frames, compression="snappy"):
    paths = [tmp_path / f"source-{index}.parquet" for index in range(len(frames))]
    for frame, path in zip(frames, paths, strict=True):
        frame.write_parquet(path, compression=compression)
    return paths


def test_finished_files_pass_through_byte_by_byte(tmp_path, lake):
    paths = written(tmp_path, FRAME)
    report, _ = go(entity(FileHome(*paths), lake()))
    (table,) = report.tables
    assert (table.road, table.state, table.rows.read, table.rows.visible) == ("bytes", "committed", 1000, 1000)
    (part,) = (tmp_path / "lake" / "teas").iterdir()
    assert part.read_bytes() == paths[0].read_bytes()


def test_files_with_another_codec_are_written_anew(tmp_path, lake):
    report, _ = go(entity(FileHome(*written(tmp_path, FRAME, compression="gzip")), lake()))
    assert report.tables[0].road == "frame"
    assert_frame_equal(landed(tmp_path), FRAME)


def test_files_to_be_polished_are_streamed(tmp_path, lake):
    report, _ = go(entity(FileHome(*written(tmp_path, FRAME)), lake(), polish=LOUD))
    assert report.tables[0].road == "frame"
    assert landed(tmp_path).columns == ["Id", "Name"]


def test_batches_feed_the_stream_of_a_store_that_takes_frames(tmp_path, lake):
    report, _ = go(entity(ScriptedHome(list(FRAME.iter_slices(7))), lake()))
    assert report.tables[0].road == "stream"
    assert_frame_equal(landed(tmp_path), FRAME)


def test_a_polish_that_drops_columns_works_on_the_stream(tmp_path, lake):
    home = ScriptedHome(list(FRAME.iter_slices(100)))
    go(entity(home, lake(), polish=PolishConfig(select=("name",))))
    assert landed(tmp_path).columns == ["name"]
    assert landed(tmp_path).height == 1000


def test_other_stores_get_one_batch_after_the_other():
    place = MemoryPlace()
    taken = entity(MemoryHome({"teas": FRAME}), MemoryStore(place), polish=LOUD)
    report, _ = go(taken)
    assert report.tables[0].road == "batches"
    assert_frame_equal(
        next(iter(place.tables.values())).popitem()[1].sort("Id"), FRAME.rename({"id": "Id", "name": "Name"})
    )


def test_parts_begin_anew_near_the_target_size(tmp_path, lake):
    noise = pl.DataFrame({"noise": pl.Series(range(2_000_000)).hash()})
    report, _ = go(entity(ScriptedHome(list(noise.iter_slices(50_000)), schema=noise.schema), lake(file_size=2 << 20)))
    files = sorted((tmp_path / "lake" / "teas").iterdir())
    assert report.tables[0].files == len(files) > 4
    assert_frame_equal(pl.concat(pl.read_parquet(file) for file in files), noise)
    assert all(0.5 < file.stat().st_size / (2 << 20) < 1.5 for file in files[:-1])


def test_a_source_without_rows_is_published_with_its_columns_the_first_time(tmp_path, lake):
    report, _ = go(entity(ScriptedHome([]), lake()))
    assert report.tables[0].state == "committed"
    assert landed(tmp_path).schema == FRAME.schema
    assert landed(tmp_path).height == 0


def test_a_home_that_breaks_its_word_on_columns_is_named_and_nothing_lands(tmp_path, lake):
    home = ScriptedHome([FRAME[:10], FRAME[:10].rename({"name": "title"})])
    report, _ = go(entity(home, lake()))
    assert "after it announced" in report.tables[0].error
    assert not (tmp_path / "lake" / "teas").exists()


def test_a_fault_inside_a_native_scan_is_explained_by_its_home(tmp_path, lake):
    (path,) = written(tmp_path, FRAME, compression="gzip")
    home = FileHome(path)
    torn = bytearray(path.read_bytes())
    torn[20:400] = bytes(380)
    path.write_bytes(torn)
    report, _ = go(entity(home, lake()))
    assert report.tables[0].state == "failed"
    assert "source-0.parquet: is damaged" in report.tables[0].error


def test_a_damaged_file_does_not_pass_through(tmp_path, lake):
    (path,) = written(tmp_path, FRAME)
    torn = bytearray(path.read_bytes())
    torn[20:400] = bytes(380)
    path.write_bytes(torn)
    report, _ = go(entity(FileHome(path), lake()))
    assert report.tables[0].road == ""
    assert "does not read from end to end" in report.tables[0].error
    assert not (tmp_path / "lake" / "teas").exists()


def test_a_source_that_changed_while_it_was_read_is_not_committed(tmp_path, lake):
    home = FileHome(*written(tmp_path, FRAME))
    read = home.read

    def read_changing(request):
        reading = read(request)
        reading.changed = HomeError("changed while it was read")
        return reading

    home.read = read_changing
    report, _ = go(entity(home, lake()))
    assert "changed while it was read" in report.tables[0].error
    assert not (tmp_path / "lake" / "teas").exists()


def test_what_a_reading_warns_of_is_told_and_reported(tmp_path, lake):
    report, events = go(entity(FileHome(*written(tmp_path, FRAME)), lake()))
    assert report.tables[0].warnings == ("one warning",)
    assert [event.data["text"] for event in events if event.kind == "warning"] == ["one warning"]


def test_an_error_of_the_home_is_told_as_it_is_while_files_are_open(tmp_path, lake):
    noise = pl.DataFrame({"noise": pl.Series(range(300_000)).hash()})
    for _ in range(5):
        home = ScriptedHome([noise, noise, HomeError("the curtain fell", where="erp")], schema=noise.schema)
        report, _ = go(entity(home, lake(file_size=1 << 20)))
        assert report.tables[0].error == "erp: the curtain fell"
        assert not list((tmp_path / "lake").rglob("*.parquet"))


def test_a_stop_is_heard_between_batches_though_nothing_is_written_yet(lake):
    stop = Stop()
    began = time.monotonic()
    slow = itertools.chain([FRAME[:1], stop.request], itertools.cycle([FRAME[:1], lambda: time.sleep(0.05)]))
    report, _ = go(entity(ScriptedHome(slow), lake()), stop=stop)
    assert (report.exit_code, report.tables[0].state) == (130, "stopped")
    assert time.monotonic() - began < 10
