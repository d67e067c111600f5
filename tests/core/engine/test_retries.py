"""Requests that homes and stores make again by themselves are counted, told of and reported."""

from __future__ import annotations

import json
import threading

from attrs import evolve

from hygge_core import StoreType
from hygge_core.cli.reports import save
from hygge_core.testing import MemoryHome, MemoryPlace, MemoryStore
from table_runs import FRAME, entity, go


def busy_entity(name, turns):
    """A table whose store makes requests again, from several threads at once, while it is opened."""
    plain = entity(MemoryHome({name: FRAME}), MemoryStore(MemoryPlace()), name=name)

    def open_busy(config, context):
        told = threading.Barrier(turns)

        def again():
            told.wait(timeout=30)
            context.retried(f"lake/{name}", "503 ServerBusy", 0.25)

        threads = [threading.Thread(target=again) for _ in range(turns)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return config.thing

    busy = StoreType(name="busy", config=type(plain.store.value), open=open_busy)
    return evolve(plain, store=evolve(plain.store, type=busy))


def test_repetitions_in_all_stores_and_threads_are_counted_and_told():
    report, events = go(busy_entity("tea", 5), busy_entity("cake", 3))
    assert report.exit_code == 0
    assert report.retries == 8
    told = [event.data for event in events if event.kind == "request.retry"]
    assert sorted(data["where"] for data in told) == ["lake/cake"] * 3 + ["lake/tea"] * 5
    assert {(data["why"], data["seconds"]) for data in told} == {("503 ServerBusy", 0.25)}
    assert events[-1].data["retries"] == 8


def test_a_run_without_repetitions_says_so():
    report, events = go(entity(MemoryHome({"teas": FRAME}), MemoryStore(MemoryPlace())))
    assert (report.retries, events[-1].data["retries"]) == (0, 0)


def test_the_report_file_holds_the_number(tmp_path):
    report, _ = go(busy_entity("tea", 2))
    file = save(report, tmp_path)
    assert json.loads(file.read_text(encoding="utf-8"))["retries"] == 2
