"""A commit left unfinished for long, while the service took its files and purged them, is finished all the same.

What is lost is not taken for purged: then the run stops, says so, and its way out works.
"""

from __future__ import annotations

import shutil
import time

import polars as pl
import pytest

from hygge_core.errors import HyggeError, StoreError
from hygge_core.lakes.local import LocalLake
from hygge_store_openmirroring.publishing.strategies import ByNumber, ByTime
from openmirroring.publisher import Killed, Publisher, Service


FIRST = pl.DataFrame({"Id": [1, 2, 3], "V": ["a", "b", "c"]})
PARTS = [pl.DataFrame({"Id": [number], "V": [f"changed {number}"]}) for number in (2, 4, 5)]
CHANGED = {"upsert": [(1, "a"), *(row for part in PARTS for row in part.rows()), (3, "c")], "replace": []}
CHANGED["replace"] = [row for part in PARTS for row in part.rows()]
AFTERWARDS = pl.DataFrame({"Id": [9], "V": ["later"]})
A_MONTH = 30 * 24 * 3600
STRATEGIES = {"sequential": ByNumber(), "timestamp": ByTime(sleep=lambda _: None)}


@pytest.fixture(params=STRATEGIES)
def strategy(request):
    return STRATEGIES[request.param]


@pytest.fixture
def zone(tmp_path):
    return LocalLake(tmp_path)


@pytest.fixture
def service(zone):
    return Service(zone)


def is_rename(operation, *, of):
    return operation.verb == "rename" and of in operation.subject


def leave(zone, service, mode, dies, *, after=0, **settings):
    """Publish a table, then begin a commit that dies once an operation ``dies`` was done so often, and not again."""
    done = []

    def kill(operation, do):
        if len(done) > after:
            raise Killed
        if dies(operation):
            done.append(operation)
            if len(done) > after:
                raise Killed
        return do()

    Publisher(zone, service, **settings).run(1, "replace", [FIRST])
    with pytest.raises((HyggeError, OSError)):
        Publisher(zone, service, disturb=kill, **settings).run(2, mode, PARTS)
    assert done


def ending(operation):
    return is_rename(operation, of="/commits/") or is_rename(operation, of="pending.json")


def showing(operation):
    return is_rename(operation, of="dbo.schema/Order/") and operation.subject.endswith(".parquet")


def touching(operation):
    return showing(operation) or (operation.verb == "delete_directory" and operation.subject == "dbo.schema/Order")


def a_month_passes(service):
    service.poll()
    return service.replicator.purge(time.time() + A_MONTH)


def rows_of(mode):
    return sorted(CHANGED[mode])


@pytest.mark.parametrize("mode", ["upsert", "replace"])
def test_a_commit_of_which_all_was_taken_and_purged_is_ended(zone, service, strategy, mode):
    leave(zone, service, mode, ending, strategy=strategy)
    assert service.seen[-1] == rows_of(mode)
    assert a_month_passes(service) >= 2, "the test purges files of that commit"
    Publisher(zone, service, strategy=strategy).run(3, "upsert", [AFTERWARDS])
    assert service.seen[-1] == [*rows_of(mode), (9, "later")]


@pytest.mark.parametrize("mode", ["upsert", "replace"])
def test_by_time_what_was_purged_is_left_alone_and_what_waits_is_published(zone, service, mode):
    by_time = STRATEGIES["timestamp"]
    leave(zone, service, mode, showing, after=2, strategy=by_time)
    assert service.seen[-1] not in (sorted(FIRST.rows()), rows_of(mode)), "the service took some of it"
    assert a_month_passes(service) >= 1
    Publisher(zone, service, strategy=by_time).run(3, "upsert", [AFTERWARDS])
    assert service.seen[-1] == [*rows_of(mode), (9, "later")]


def staged(zone):
    return sorted(path for path in zone.root.rglob("*.parquet") if "stages" in path.parts)


@pytest.mark.parametrize("mode", ["upsert", "replace"])
def test_by_number_nothing_can_be_purged_before_all_is_shown(zone, service, mode):
    """The service waits for the first number, which is renamed last."""
    leave(zone, service, mode, showing, after=1)
    first, second = staged(zone)
    second.unlink()
    with pytest.raises(StoreError, match="is neither staged nor published"):
        Publisher(zone, service).run(3, "upsert", [AFTERWARDS])
    assert first.exists()


@pytest.mark.parametrize("mode", ["upsert", "replace"])
@pytest.mark.parametrize("which", [0, -1], ids=["first", "last"])
def test_a_staged_part_that_is_lost_stops_the_next_run_before_anything_is_touched(zone, service, strategy, mode, which):
    leave(zone, service, mode, touching, strategy=strategy)
    before = sorted(zone.root.glob("dbo.schema/Order/*"))
    staged(zone)[which].unlink()
    with pytest.raises(StoreError, match=r"run2 is recorded, and of its files \S+ is neither staged nor published"):
        Publisher(zone, service, strategy=strategy).run(3, "upsert", [AFTERWARDS])
    assert sorted(zone.root.glob("dbo.schema/Order/*")) == before
    assert service.seen[-1] == sorted(FIRST.rows()), "the old table is there"


def lose_all_that_is_staged(zone):
    for path in staged(zone):
        path.unlink()


def lose_the_stage(zone):
    shutil.rmtree(staged(zone)[0].parents[1])


@pytest.mark.parametrize("lose", [lose_all_that_is_staged, lose_the_stage])
@pytest.mark.parametrize("mode", ["upsert", "replace"])
def test_a_stage_that_is_lost_is_not_taken_for_purged_files_and_the_way_out_works(zone, service, strategy, mode, lose):
    leave(zone, service, mode, showing, strategy=strategy)
    lose(zone)
    with pytest.raises(StoreError, match=r"are neither staged nor published; move .* to another folder") as refused:
        Publisher(zone, service, strategy=strategy).run(3, "upsert", [AFTERWARDS])
    follow(refused.value.fix, zone)
    Publisher(zone, service, strategy=strategy).run(4, "replace", [AFTERWARDS])
    assert service.seen[-1] == AFTERWARDS.rows()


def test_a_stage_that_was_deleted_after_half_of_it_was_shown_is_not_taken_for_purged(zone, service):
    """A number that is missing would hold up the table without a word."""
    leave(zone, service, "upsert", showing, after=1)
    lose_the_stage(zone)
    with pytest.raises(StoreError, match=f"{2:020d}.parquet are neither staged nor published") as refused:
        Publisher(zone, service).run(3, "upsert", [AFTERWARDS])
    follow(refused.value.fix, zone)
    Publisher(zone, service).run(4, "replace", [FIRST])
    Publisher(zone, service).run(5, "upsert", [AFTERWARDS])
    assert service.seen[-1] == [*FIRST.rows(), (9, "later")]


def follow(fix, zone):
    """Do what the fix says, but for the rebuild."""
    said = fix.partition("move ")[2].partition(" to another folder, then `hygge mirror rebuild`")[0]
    (pending,) = zone.root.rglob("pending.json")
    assert said == str(pending)
    pending.rename(zone.root / "kept-for-later.json")
