"""The ten exercises by which Microsoft's book on mirroring would accept a publisher, each under its name.

Whatever happens, the service must end with the source's rows, and must never have stopped the table.
"""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import polars as pl
import pytest

from hygge_core.errors import HyggeError, StoreError
from openmirroring.publisher import CHANGED, FIRST, UPSERTED, Killed, Publisher


KEYS = 'write = "upsert"\ndeletes = "key_diff"'


@pytest.fixture
def loaded(zone, service):
    """A zone with its first load, which the service has taken."""
    Publisher(zone, service).run(1, "replace", [FIRST])
    service.poll()
    service.seen.clear()
    return zone


def is_data(operation):
    return operation.subject.rpartition("/")[2].startswith("000")


def test_1_writing_during_the_initial_scan(project, source):
    source.insert(*((number, "first", number) for number in range(1, 2001)))
    moments = iter(range(5000, 6000))

    def write(_):
        at = next(moments)
        source.do('UPDATE "Order" SET V = ?, At = ? WHERE Id = ?', "during", at, at - 4999)
        source.insert((at, "new", at))

    assert project.go(emit=write).state == "committed"
    shown = project.mirrored()
    assert {row[0] for row in shown} >= set(range(1, 2001)), "no row of before the scan is missing"
    assert next(moments) > 5003, "rows were written while it ran"
    project.go()
    assert project.mirrored() == source.rows()
    assert project.findings() == []


def test_2_a_key_that_changes_and_a_row_that_is_deleted(project, source):
    project.write(more=KEYS, remember_keys=True)
    source.insert((1, "a", 1), (2, "b", 2), (3, "c", 3))
    project.go()
    source.do('UPDATE "Order" SET Id = 20, At = 4 WHERE Id = 2')
    source.do('DELETE FROM "Order" WHERE Id = 3')
    project.go()
    assert project.mirrored() == [(1, "a", 1), (20, "b", 4)]
    assert project.findings() == []


def test_2_rows_that_trade_their_keys_leave_no_ghost(project, source):
    project.write(more=KEYS, remember_keys=True)
    source.insert((1, "a", 1), (2, "b", 2))
    project.go()
    source.do('UPDATE "Order" SET Id = 3 - Id, At = 3')
    project.go()
    assert project.mirrored() == source.rows()


def test_3_several_rapid_changes_to_one_key(project, source):
    source.insert((1, "a", 1))
    project.go()
    for at in range(2, 6):
        source.do('UPDATE "Order" SET V = ?, At = ?', f"change {at}", at)
        if at % 2:
            project.go()
    assert project.mirrored() == [(1, "change 5", 5)]


def test_3_several_changes_to_one_key_in_one_file_are_applied_in_their_order(loaded, service):
    log = pl.DataFrame(
        {"Id": [1, 1, 1, 2, 2, 9, 9], "V": ["x", None, "y", "z", None, "n", "m"], "Op": [1, 2, 0, 4, 2, 0, 1]}
    )
    Publisher(loaded, service, marker="Op").run(2, "upsert", [log])
    assert service.seen[-1] == [(1, "y"), (3, "c"), (9, "m")]


def test_4_an_upload_that_fails_halfway(loaded, service):
    def fail(operation, do):
        if operation.verb == "create:write":
            raise OSError("no space left")
        return do()

    with pytest.raises((HyggeError, OSError)):
        Publisher(loaded, service, disturb=fail).run(2, "upsert", [CHANGED])
    assert set(map(str, service.seen)) == {str(sorted(FIRST.rows()))}
    Publisher(loaded, service).run(3, "upsert", [CHANGED])
    assert service.seen[-1] == UPSERTED


@pytest.mark.parametrize("times", [1, 9], ids=["once", "until the next run"])
def test_5_the_answer_of_a_rename_is_lost(loaded, service, times):
    lost = []

    def lose(operation, do):
        done = do()
        if operation.verb == "rename" and is_data(operation) and len(lost) < times:
            lost.append(operation)
            raise OSError("connection reset")
        return done

    parts = [CHANGED[:1], CHANGED[1:], pl.DataFrame({"Id": [5], "V": ["e"]})]
    with pytest.raises(StoreError) if times > 1 else nullcontext():
        Publisher(loaded, service, disturb=lose, marker=0, remembers=True).run(2, "upsert", parts)
    Publisher(loaded, service, marker=0, remembers=True).run(3, "upsert", parts)
    assert lost
    assert service.seen[-1] == [*UPSERTED, (5, "e")], "rows of which the answer was lost are not inserted twice"


def test_6_killed_after_publishing_and_before_anybody_noted_it(loaded, service):
    renamed = []

    def kill(operation, do):
        if renamed:
            raise Killed
        done = do()
        renamed.extend([operation] if operation.verb == "rename" and is_data(operation) else [])
        return done

    with pytest.raises((HyggeError, OSError)):
        Publisher(loaded, service, disturb=kill).run(2, "upsert", [CHANGED])
    assert service.seen[-1] == UPSERTED
    seen = len(service.seen)
    Publisher(loaded, service).run(3, "upsert", [CHANGED])
    assert {str(rows) for rows in service.seen[seen:]} == {str(UPSERTED)}


def test_7_the_second_file_of_a_batch_fails(loaded, service):
    def fail(operation, do):
        if operation.verb == "rename" and operation.subject.endswith("3.parquet"):
            raise OSError("refused")
        return do()

    parts = [CHANGED[:1], CHANGED[1:], pl.DataFrame({"Id": [5], "V": ["e"]})]
    with pytest.raises(StoreError, match="the next run finishes the commit"):
        Publisher(loaded, service, disturb=fail).run(2, "upsert", parts)
    assert {str(rows) for rows in service.seen} == {str(sorted(FIRST.rows()))}, "half a batch is none"
    Publisher(loaded, service).run(3, "upsert", parts)
    assert service.seen[-1] == [*UPSERTED, (5, "e")]


@pytest.mark.parametrize("lost", ["journal", "runs", "LandingZone/_hygge"])
def test_8_local_state_is_lost(project, source, lost):
    source.insert((1, "a", 1), (2, "b", 2))
    assert project.hygge("go").returncode == 0
    assert project.mirrored() == source.rows()
    shutil.rmtree(project.folder / lost)
    source.do("UPDATE \"Order\" SET V = 'B', At = 3 WHERE Id = 2")
    assert project.go().state == "committed"
    assert project.mirrored() == source.rows()
    assert project.findings() == []


def test_9_a_column_changes_its_type(project, source):
    source.insert((1, "a", 1))
    project.go()
    before = project.mirrored(), project.files()
    source.do('DROP TABLE "Order"')
    source.do('CREATE TABLE "Order" (Id INTEGER, V INTEGER, At INTEGER NOT NULL)')
    source.insert((1, 7, 2))
    refused = project.go()
    assert refused.state != "committed"
    assert "--full-drop" in refused.error or "full" in refused.error
    assert (project.mirrored(), project.files()) == before
    assert project.hygge("go", "--full-drop").returncode == 0
    assert project.mirrored() == [(1, 7, 2)]


def test_9_a_key_changes(loaded, service):
    with pytest.raises(StoreError, match=r"published with the key \['Id'\], and now it is \['V'\].*--full-drop"):
        Publisher(loaded, service, key_columns=("V",)).run(2, "upsert", [CHANGED])
    Publisher(loaded, service, key_columns=("V",)).run(3, "replace", [CHANGED])
    assert service.seen[-1] == sorted(CHANGED.rows())


def test_10_two_publishers_at_once(project, source):
    source.insert(*((number, "first", number) for number in range(1, 500)))
    project.go()
    source.do("UPDATE \"Order\" SET V = 'changed', At = At + 1000")
    with ThreadPoolExecutor(2) as both:
        endings = [each.result() for each in [both.submit(project.hygge, "go") for _ in range(2)]]
    codes = sorted(ending.returncode for ending in endings)
    assert codes in ([0, 0], [0, 3], [0, 6]), [ending.stdout + ending.stderr for ending in endings]
    assert project.mirrored() == source.rows()
    assert project.findings() == [], "numbers have neither gap nor repetition"


def test_10_a_publisher_that_comes_while_another_works_is_turned_away_by_name(loaded, service):
    told = []

    def come(operation, do):
        if operation.verb == "rename" and is_data(operation) and not told:
            try:
                Publisher(loaded, service).run(3, "upsert", [CHANGED])
            except HyggeError as error:
                told.append(str(error))
        return do()

    Publisher(loaded, service, disturb=come).run(2, "upsert", [CHANGED])
    assert "run2" in told[0] or "pid" in told[0]
    assert service.seen[-1] == UPSERTED
