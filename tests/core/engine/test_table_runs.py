"""A table run ends as one outcome, and a failure leaves the table as it was."""

from __future__ import annotations

import itertools
import threading
import time

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hygge_core import (
    CommitRefused,
    HomeError,
    HomeUnavailable,
    StoreUnavailable,
    Table,
)
from hygge_core.engine import Stop
from hygge_core.testing import MemoryHome, MemoryPlace, MemoryStore, faulty
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import FRAME, FileHome, ScriptedHome, entity, go


OLD = FRAME[:5]
TABLE = Table(name="teas", flow="shop")


@pytest.fixture
def place():
    """A place that already holds the old table."""
    place = MemoryPlace()
    report, _ = go(entity(MemoryHome({"teas": OLD}), MemoryStore(place)))
    assert report.exit_code == 0
    return place


def kinds(events):
    return [event.kind for event in events if event.kind != "table.progress"]


def test_a_replacement_tells_its_steps_in_order(place):
    report, events = go(entity(MemoryHome({"teas": FRAME}), MemoryStore(place)))
    assert kinds(events) == ["run.started", "table.started", "table.staged", "table.committed", "run.finished"]
    assert_frame_equal(place.read(TABLE), FRAME)
    (table,) = report.tables
    assert (table.rows.read, table.rows.staged, table.rows.visible) == (1000, 1000, 1000)
    assert (table.sequence, table.attempts, report.exit_code) == (2, 1, 0)
    assert (table.source, table.target) == ("memory:teas", "memory:shop/teas")


def test_an_append_keeps_the_old_rows_and_counts_the_new(place):
    report, _ = go(entity(MemoryHome({"teas": FRAME}), MemoryStore(place), run_type="append"))
    assert place.read(TABLE).height == 1005
    assert report.tables[0].rows.visible == 1000


@pytest.mark.parametrize("verb", ["stage", "write", "close", "seal", "commit", "lease:begin", "recover"])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_store_that_fails_anywhere_leaves_the_old_table(place, verb):
    report, _ = go(entity(MemoryHome({"teas": FRAME}), faulty(MemoryStore(place), on=verb)))
    assert report.exit_code == 1
    assert_frame_equal(place.read(TABLE), OLD)
    assert not place.stages


def test_a_store_that_drops_out_is_tried_again_and_no_row_comes_twice(place):
    store = faulty(MemoryStore(place), on="seal", error=StoreUnavailable("went away"))
    report, events = go(entity(MemoryHome({"teas": FRAME}), store, run_type="append"), attempts=2)
    assert (report.exit_code, report.tables[0].attempts) == (0, 2)
    assert place.read(TABLE).height == 1005
    assert kinds(events).count("table.retry") == 1


def test_a_home_that_drops_out_midway_is_read_again_from_the_start(place):
    home = ScriptedHome([FRAME[:400], HomeUnavailable("went away")], list(FRAME.iter_slices(400)))
    report, _ = go(entity(home, MemoryStore(place)), attempts=3)
    assert report.exit_code == 0
    assert report.tables[0].rows.read == 1000
    assert_frame_equal(place.read(TABLE).sort("id"), FRAME)
    assert [reading.closed for reading in home.readings] == [1, 1]


def test_what_stays_away_fails_after_the_last_attempt(place):
    home = ScriptedHome(HomeUnavailable("went away", where="erp"))
    report, events = go(entity(home, MemoryStore(place)), attempts=2)
    assert report.tables[0].error == "erp: went away"
    assert kinds(events).count("table.retry") == 1
    assert_frame_equal(place.read(TABLE), OLD)


def test_an_error_that_will_not_pass_is_not_tried_again(place):
    home = ScriptedHome([HomeError("no such table", where="erp")])
    report, _ = go(entity(home, MemoryStore(place)), attempts=5)
    assert (report.tables[0].attempts, len(home.readings)) == (1, 1)


def test_any_error_of_a_home_names_the_table(place):
    report, _ = go(entity(ScriptedHome([FRAME[:1], ZeroDivisionError("oh")]), MemoryStore(place)))
    assert report.tables[0].error == "shop.teas (script:teas): could not be read: ZeroDivisionError: oh"


def test_a_store_that_fails_does_not_wait_for_a_home_without_end(place):
    endless = itertools.repeat(FRAME)
    began = time.monotonic()
    report, _ = go(entity(ScriptedHome(endless), faulty(MemoryStore(place), on="write", call=3)))
    assert report.exit_code == 1
    assert time.monotonic() - began < 20
    assert not [thread for thread in threading.enumerate() if thread.name == "hygge-reader"]


def test_a_run_asked_to_stop_sweeps_its_stage(place):
    stop = Stop()
    steps = [FRAME, stop.request, FRAME, FRAME]
    report, events = go(entity(ScriptedHome(steps), MemoryStore(place)), stop=stop)
    assert (report.exit_code, report.tables[0].state) == (130, "stopped")
    assert_frame_equal(place.read(TABLE), OLD)
    assert not place.stages
    assert "table.stopped" in kinds(events)


def test_tables_that_were_not_begun_are_not_begun_after_a_stop(place):
    stop = Stop()
    homes = [ScriptedHome([stop.request, FRAME]), ScriptedHome([FRAME])]
    tables = [entity(home, MemoryStore(place), name=name) for home, name in zip(homes, "ab", strict=True)]
    report, _ = go(*tables, stop=stop, concurrency=1)
    assert [table.state for table in report.tables] == ["stopped", "stopped"]
    assert homes[1].readings == []


@pytest.mark.parametrize(
    ("on_empty", "run_type", "state", "rows"),
    [("keep", "full_drop", "kept", 5), ("publish", "full_drop", "committed", 0), ("fail", "full_drop", "failed", 5),
     ("keep", "append", "kept", 5), ("publish", "append", "kept", 5), ("fail", "append", "failed", 5)],
)  # fmt: skip
def test_an_empty_source_is_a_policy(place, on_empty, run_type, state, rows):
    home = MemoryHome({"teas": FRAME.clear()})
    report, _ = go(entity(home, MemoryStore(place), on_empty=on_empty, run_type=run_type))
    assert report.tables[0].state == state
    assert place.read(TABLE).height == rows
    assert not place.stages


@pytest.mark.parametrize(("run_type", "on_empty"), [("full_drop", "keep"), ("append", "publish")])
def test_the_first_run_of_an_empty_source_publishes_its_columns(run_type, on_empty):
    place = MemoryPlace()
    home = MemoryHome({"teas": FRAME.clear()})
    report, _ = go(entity(home, MemoryStore(place), on_empty=on_empty, run_type=run_type))
    assert report.tables[0].state == "committed"
    assert place.read(TABLE).schema == FRAME.schema


def test_drift_that_is_not_allowed_is_refused_before_anything_is_staged(place):
    store = faulty(MemoryStore(place), on="stage", error=AssertionError("staged"))
    home = MemoryHome({"teas": FRAME.with_columns(extra=1)})
    report, _ = go(entity(home, store, on_drift="freeze"))
    assert report.exit_code == 4
    assert "extra" in report.tables[0].error
    assert_frame_equal(place.read(TABLE), OLD)


def test_drift_that_is_allowed_is_told(place):
    home = MemoryHome({"teas": FRAME.with_columns(extra=1)})
    report, events = go(entity(home, MemoryStore(place)))
    assert report.exit_code == 0
    assert any("extra" in text for text in report.tables[0].drift)
    assert "table.drift" in kinds(events)


def test_a_source_without_columns_is_refused(place):
    home = MemoryHome({"teas": pl.DataFrame()})
    report, _ = go(entity(home, MemoryStore(place)))
    assert "has no columns" in report.tables[0].error
    assert_frame_equal(place.read(TABLE), OLD)


def test_a_second_writer_ends_with_the_holder_named(place):
    store = MemoryStore(place)
    inner = []

    def race():
        inner.append(go(entity(MemoryHome({"teas": FRAME}), MemoryStore(place)))[0])

    report, _ = go(entity(ScriptedHome([race, FRAME]), store))
    assert report.exit_code == 0
    assert inner[0].exit_code == 6
    assert "is being written by run" in inner[0].tables[0].error


def test_a_store_whose_rows_do_not_become_visible_is_found_out(place):
    class Forgetful(MemoryStore):
        def count(self, table, parts=None):
            return super().count(table, parts) - 1

    report, _ = go(entity(MemoryHome({"teas": FRAME}), Forgetful(place)))
    assert report.exit_code == 5
    assert "1,000 rows were committed and 999 are visible" in report.tables[0].error


def test_a_store_that_loses_rows_on_the_way_is_found_out_before_the_commit(place):
    class Lossy:
        def __init__(self, writer):
            self.writer = writer

        def write(self, batch):
            self.writer.write(batch[1:])

        def close(self):
            return self.writer.close()

    class LossyStore(MemoryStore):
        def stage(self, table, run):
            stage = super().stage(table, run)
            opened = stage.writer
            stage.writer = lambda: Lossy(opened())
            return stage

    report, _ = go(entity(MemoryHome({"teas": FRAME}), LossyStore(place)))
    assert report.exit_code == 5
    assert_frame_equal(place.read(TABLE), OLD)


def test_a_store_that_cannot_append_says_so_before_reading(tmp_path):
    store = open_parquet_store(ParquetStoreConfig(path="teas.parquet", layout="file"), tmp_path)
    report, _ = go(entity(MemoryHome({"teas": FRAME}), store, run_type="append"))
    assert report.exit_code == 2
    assert "this store cannot append: a table of one file can only be replaced" in report.tables[0].error


def test_what_a_killed_run_left_is_recovered_and_told(place):
    store = MemoryStore(place)
    place.stages["shop/teas", "killed"] = {}
    report, events = go(entity(MemoryHome({"teas": FRAME}), store))
    assert report.exit_code == 0
    recovered = next(event for event in events if event.kind == "table.recovered")
    assert recovered.data == {"rolled_forward": (), "swept": 1}


def test_a_gate_keeps_the_old_table(place):
    class Gate:
        def before_commit(self, run, staged, **_):
            raise CommitRefused(f"{staged.rows} rows are too many", where=run.entity)

        def after_commit(self, run, receipt):
            raise AssertionError(run, receipt)

        def after_abort(self, _run, error):
            return (f"heard of {error}",)

    report, _ = go(entity(MemoryHome({"teas": FRAME}), MemoryStore(place)), plugins=Gate())
    assert report.tables[0].error == "teas: 1000 rows are too many"
    assert report.tables[0].warnings == ("heard of teas: 1000 rows are too many",)
    assert_frame_equal(place.read(TABLE), OLD)
    assert not place.stages


def test_an_abort_that_fails_does_not_hide_why(place):
    store = faulty(MemoryStore(place), on="abort", error=OSError("cannot sweep"))
    report, _ = go(entity(ScriptedHome([HomeError("no such table", where="erp")]), store))
    assert report.tables[0].error == "erp: no such table"
    assert report.tables[0].warnings == ("the stage could not be swept, the next run does it: cannot sweep",)


def test_a_reading_that_knows_better_is_believed(tmp_path):
    path = tmp_path / "teas.parquet"
    FRAME.write_parquet(path, compression="gzip")
    home = FileHome(path)
    read = home.read

    def read_knowing(request):
        reading = read(request)
        reading.rows = lambda: 1001
        return reading

    home.read = read_knowing
    store = open_parquet_store(ParquetStoreConfig(path="lake/{entity}"), tmp_path)
    report, _ = go(entity(home, store))
    assert report.exit_code == 5
    assert "1,001 rows were read and 1,000 are staged" in report.tables[0].error
    assert not (tmp_path / "lake" / "teas").exists()


def test_a_stop_ends_a_native_stream_too(tmp_path):
    path = tmp_path / "teas.parquet"
    pl.DataFrame({"noise": pl.Series(range(2_000_000)).hash()}).write_parquet(path, compression="gzip")
    stop = Stop()
    store = open_parquet_store(ParquetStoreConfig(path="lake/{entity}"), tmp_path)

    def ask(event):
        if event.kind == "table.progress":
            stop.request()

    report, events = go(entity(FileHome(path), store), stop=stop, on_event=ask)
    assert (report.exit_code, report.tables[0].state) == (130, "stopped")
    assert "table.progress" in [event.kind for event in events]
    assert "table.staged" not in kinds(events)
    assert not list((tmp_path / "lake").rglob("*.parquet"))
