"""What others told of publishers in trouble, each as one test: latched tables, gaps, ghosts, rows that were lost.

Where it matters a test first shows that the replicator is as unforgiving as the service.
"""

from __future__ import annotations

import json
import time

import polars as pl
import pytest

from hygge_core.commit import Table
from hygge_core.errors import CommitConflict, HyggeError, StoreError, StoreUnavailable
from hygge_core.lakes.local import LocalLake
from hygge_core.schema import columns_of
from hygge_store_openmirroring.publishing.rebuild import Rebuild
from openmirroring.publisher import CHANGED, FIRST, FOLDER, UPSERTED, Killed, Publisher, Service
from openmirroring.zones import only, parquet, publish, replay, zone_at


def test_4_1_a_file_that_is_seen_empty_stops_a_table_for_good(tmp_path):
    lake = zone_at(tmp_path)
    publish(lake, 1, b"")
    replicator = replay(lake)
    assert "0 bytes" in only(replicator).failure.message
    publish(lake, 2, {"Id": [1]})
    replicator.poll()
    assert only(replicator).rows.is_empty(), "what came later waits"


def test_4_1_a_key_that_becomes_text_stops_a_table_and_is_refused_here_before(zone, service, tmp_path):
    lake = zone_at(tmp_path / "other")
    publish(lake, 1, {"Id": [1]})
    publish(lake, 2, {"Id": ["1"]})
    assert only(replay(lake)).failure.code == "SchemaMergeFailure"
    Publisher(zone, service).run(1, "replace", [FIRST])
    with pytest.raises(StoreError, match=r"'Id' was Int64 and is String.*--full-drop"):
        Publisher(zone, service).run(2, "upsert", [CHANGED.cast({"Id": pl.String})])
    assert service.seen[-1] == sorted(FIRST.rows())


def test_4_1_a_gap_after_a_deletion_blocks_without_a_word_and_is_refused_here(zone, service):
    Publisher(zone, service).run(1, "replace", [FIRST])
    service.poll()
    zone.delete_directory(FOLDER)
    service.poll()
    with pytest.raises(StoreError, match=r"has been deleted since.*--full-drop"):
        Publisher(zone, service).run(2, "upsert", [CHANGED])
    Publisher(zone, service).run(3, "replace", [CHANGED])
    assert service.seen[-1] == sorted(CHANGED.rows())


def test_4_1_after_stopping_and_starting_the_database_a_rebuild_brings_everything_back(zone, service):
    Publisher(zone, service).run(1, "replace", [FIRST])
    Publisher(zone, service).run(2, "upsert", [CHANGED])
    service.replicator.restart()
    service.poll()
    assert service.seen[-1] != UPSERTED, "files that were put aside are not read again"
    Publisher(zone, service).run(3, "replace", [FIRST])
    assert service.seen[-1] == sorted(FIRST.rows())


def test_4_2_the_answer_of_any_operation_may_be_lost(tmp_path):
    counting = Publisher(LocalLake(tmp_path / "count"), Service(LocalLake(tmp_path / "count")))
    counting.run(1, "replace", [FIRST])
    for point in range(1, counting.operations + 1, 7):
        lake = LocalLake(tmp_path / f"{point}")
        watching = Service(lake)
        publisher = Publisher(lake, watching)
        publisher.disturb = lost_at(publisher, point)
        try:
            publisher.run(1, "replace", [FIRST])
        except (HyggeError, OSError, pl.exceptions.PolarsError):
            publisher.store.close()
        Publisher(lake, watching).run(2, "replace", [CHANGED])
        assert watching.seen[-1] == sorted(CHANGED.rows()), point


def lost_at(publisher, point):
    def lose(_, do):
        done = do()
        if publisher.operations == point:
            raise OSError("connection reset")
        return done

    return lose


def test_4_3_a_number_that_somebody_else_took_stops_the_publish(zone, service):
    Publisher(zone, service).run(1, "replace", [FIRST])

    def intrude(operation, do):
        if operation.verb == "rename" and "2.parquet" in operation.subject and zone.stat(name) is None:
            zone.put(name, parquet({"Id": [99]}))
        return do()

    name = f"{FOLDER}/{2:020d}.parquet"
    with pytest.raises((CommitConflict, StoreError)) as refused:
        Publisher(zone, service, disturb=intrude).run(2, "upsert", [CHANGED])
    assert name.rpartition("/")[2] in str(refused.value)
    assert (99, None) in service.seen[-1], "the other's file is as it was"


def test_4_3_the_same_rows_are_bound_to_the_same_number_whatever_happens_in_between(zone, service):
    Publisher(zone, service).run(1, "replace", [FIRST])

    def kill(operation, do):
        if operation.verb == "rename" and operation.subject.endswith("2.parquet"):
            raise Killed
        return do()

    with pytest.raises((HyggeError, OSError)):
        Publisher(zone, service, disturb=kill).run(2, "upsert", [CHANGED])
    (record,) = [entry.path for entry in zone.list("_hygge", recursive=True) if "pending" in entry.path]
    bound = json.loads(zone.read(record))["parts"]
    Publisher(zone, service).store.recover(table())
    service.poll()
    assert service.seen[-1] == UPSERTED
    assert [part["name"] for part in bound] == [f"{2:020d}.parquet"]


def test_4_4_rows_and_watermark_are_committed_together(project, source):
    source.insert((1, "a", 1))
    assert project.go().state == "committed"
    source.insert((2, "b", 2))
    project.go()
    before = project.mirrored()
    again = project.go()
    assert (again.watermark.low, again.watermark.high) == ("2", "2")
    assert project.mirrored() == before == source.rows()


def test_4_5_equal_counts_hide_nothing(project, source):
    project.write(more='write = "upsert"\ndeletes = "key_diff"', remember_keys=True)
    source.insert((1, "a", 1), (2, "b", 2))
    project.go()
    source.do('DELETE FROM "Order" WHERE Id = 1')
    source.insert((3, "c", 3))
    done = project.go()
    assert (done.rows.staged, done.rows.deleted) == (2, 1)
    assert {row[0] for row in project.mirrored()} == {2, 3}


def test_4_6_a_rebuild_waits_for_what_it_sees_and_never_publishes_into_a_table_that_is_still_there(zone, service):
    Publisher(zone, service).run(1, "replace", [FIRST])
    service.poll()
    clock = iter(range(0, 10**6, 100))

    stuck = Rebuild(tables=Says(answer=True), sleep=lambda _: service.poll(), poll=0, clock=lambda: float(next(clock)))
    with pytest.raises(StoreUnavailable, match=r"still shows this table.*nothing is lost"):
        Publisher(zone, service, rebuild=stuck).run(2, "replace", [CHANGED])
    assert zone.stat(FOLDER) is None
    Publisher(zone, service).store.recover(table())
    service.poll()
    assert service.seen[-1] == sorted(CHANGED.rows()), "the staged rows were kept"


def test_4_6_where_nobody_can_tell_the_stated_time_passes_between_dropping_and_publishing(zone, service):
    Publisher(zone, service).run(1, "replace", [FIRST])
    waited = []

    def sleep(seconds):
        waited.append(seconds)
        assert zone.stat(FOLDER) is None, "nothing lies there while it waits"

    clock = lambda: time.time() + sum(waited)  # noqa: E731 - a clock that goes on while nobody sleeps
    blind = Rebuild(tables=Says(answer=None), drop_wait=120, sleep=sleep, clock=clock)
    Publisher(zone, service, rebuild=blind).run(2, "replace", [CHANGED])
    assert 119 <= sum(waited) <= 126
    assert service.seen[-1] == sorted(CHANGED.rows())


class Says:
    """A database that says the same of every table: that it is there, or that it does not know."""

    def __init__(self, *, answer):
        self.has = lambda folder: answer  # noqa: ARG005 - it does not look


def table():
    return Table(name="Order", columns=columns_of(FIRST.schema), mode="upsert")
