"""Parts of one table are read at once and settle as one table."""

from __future__ import annotations

import threading

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hygge_core import HomeError
from hygge_core.engine import Stop
from hygge_core.testing import MemoryPlace, MemoryStore
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import FRAME, Reading, ScriptedHome, entity, go


class PartedReading(Reading):
    """A reading that must be read by its parts."""

    def __init__(self, schema, parts):
        super().__init__(schema, [AssertionError("the whole was read beside the parts")])
        self.inner = parts

    def parts(self):
        return self.inner


class PartedHome(ScriptedHome):
    """A home whose table comes in scripted parts."""

    def __init__(self, *parts, schema=FRAME.schema):
        super().__init__([], schema=schema)
        self.parts = parts

    def read(self, _request):
        self.readings.append(PartedReading(self.schema, [Reading(self.schema, part) for part in self.parts]))
        return self.readings[-1]


@pytest.fixture(params=["parquet", "memory"])
def settled(request, tmp_path):
    """Return a store and what reads its table back."""
    if request.param == "memory":
        place = MemoryPlace()
        store = MemoryStore(place)
        return store, lambda: store.rows(store_table(store)).collect()
    store = open_parquet_store(ParquetStoreConfig(path="lake/{entity}"), tmp_path)
    return store, lambda: pl.read_parquet(tmp_path / "lake/teas/*.parquet")


def store_table(store):
    from hygge_core.commit import Table

    return store.last(Table(name="teas", flow="shop")).table


def test_all_parts_settle_as_one_table(settled):
    store, rows = settled
    parts = [list(FRAME[start : start + 100].iter_slices(7)) for start in range(0, 1000, 100)]
    report, _ = go(entity(PartedHome(*parts), store))
    assert report.exit_code == 0, report.tables[0].error
    assert report.tables[0].rows.read == 1000
    assert_frame_equal(rows().sort("id"), FRAME)


def test_parts_are_read_at_the_same_time(settled):
    store, rows = settled
    together = threading.Barrier(3, timeout=30)
    parts = [[together.wait, FRAME[n : n + 1], together.wait] for n in range(3)]
    report, _ = go(entity(PartedHome(*parts), store))
    assert report.exit_code == 0, report.tables[0].error
    assert rows().height == 3


def test_empty_parts_are_no_rows(settled):
    store, rows = settled
    report, _ = go(entity(PartedHome([], [FRAME], []), store))
    assert report.exit_code == 0, report.tables[0].error
    assert_frame_equal(rows().sort("id"), FRAME)


def test_a_part_that_fails_fails_the_table_and_leaves_the_old_one(settled):
    store, rows = settled
    go(entity(PartedHome([FRAME[:10]], [FRAME[10:20]]), store))
    failing = threading.Event()

    def fail():
        failing.set()
        raise HomeError("the line broke")

    def wait():
        assert failing.wait(30)

    report, _ = go(entity(PartedHome([FRAME[:500], fail], [wait, FRAME[500:], wait]), store))
    assert report.tables[0].error == "the line broke"
    assert_frame_equal(rows().sort("id"), FRAME[:20])


def test_one_part_of_many_that_announced_other_columns_is_refused(settled):
    store, _ = settled
    report, _ = go(entity(PartedHome([FRAME[:10]], [FRAME[10:20].select("id")]), store))
    assert "after it announced" in report.tables[0].error


@pytest.mark.parametrize("parts", [(), ([FRAME],)])
def test_fewer_than_two_parts_are_read_whole(parts, settled):
    store, rows = settled
    home = PartedHome(*parts)
    read = home.read

    def read_whole(request):
        reading = read(request)
        reading.steps = [FRAME]
        return reading

    home.read = read_whole
    report, _ = go(entity(home, store))
    assert report.exit_code == 0, report.tables[0].error
    assert_frame_equal(rows().sort("id"), FRAME)


def test_a_stop_reaches_a_reading_that_waits_for_its_server(settled):
    store, _ = settled
    stop, given_up = Stop(), threading.Event()

    def wait():
        stop.request()
        assert given_up.wait(30), "nobody cancelled"
        raise HomeError("the statement was cancelled")

    home = ScriptedHome([FRAME[:5], wait])
    read = home.read

    def cancellable(request):
        reading = read(request)
        reading.cancel = given_up.set
        return reading

    home.read = cancellable
    report, _ = go(entity(home, store), stop=stop)
    assert (report.tables[0].state, report.exit_code) == ("stopped", 130)


def test_a_stop_before_the_reading_is_open_reaches_it_too():
    stop, told = Stop(), []
    stop.request()
    with stop.telling(lambda: told.append(1)):
        pass
    stop.request()
    assert told == [1], "a listener is told once, and not after it left"
