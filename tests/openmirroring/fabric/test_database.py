"""Mirrored databases: made, started, and asked how they are."""

from __future__ import annotations

import pytest

from hygge_core.errors import StoreError
from hygge_store_openmirroring.fabric.api import FabricApi, FabricRefused
from hygge_store_openmirroring.fabric.creation import create
from hygge_store_openmirroring.fabric.database import MirroredDatabase
from openmirroring.fabric.rest import Credential, Rest, table


@pytest.fixture
def rest():
    with Rest("w") as rest:
        yield rest


@pytest.fixture
def api(rest):
    rest.waits = []
    return FabricApi(Credential(), endpoint=rest.url, timeout=10, pause=rest.waits.append)


def database(api, rest, **settings):
    return MirroredDatabase(api=api, workspace="w", id=rest.database(**settings))


def actions(rest):
    return [path.rpartition("/")[2] for _, path, _, _ in rest.seen]


@pytest.mark.parametrize("by_address", [False, True])
def test_tables_are_read_page_by_page_and_from_no_other_host(api, rest, by_address):
    rest.by_address = by_address
    rest.tables = [table(f"T{number}") for number in range(5)]
    found = list(database(api, rest).tables())
    assert [each.name for each in found] == [f"dbo.T{number}" for number in range(5)]
    assert [query for _, _, query, _ in rest.seen] == [{}, {"continuationToken": "2"}, {"continuationToken": "4"}]


def test_a_page_that_comes_again_and_again_is_an_error(api, rest):
    page = (200, {}, {"data": [], "continuationToken": "same"})
    rest.faults += [page, page, page]
    with pytest.raises(StoreError, match="same page"):
        list(database(api, rest).tables())


def test_a_table_tells_its_error_whatever_its_state_says(api, rest):
    error = {"errorCode": "SchemaMergeFailure", "message": "Type mismatch\nfor column V"}
    rest.tables = [table(error=error), table("Other", latency=1), table("Gone", status="Failed"), {"error": "odd"}]
    stuck, well, failed, odd = database(api, rest).tables()
    assert (stuck.status, stuck.error) == ("Replicating", "Type mismatch for column V (SchemaMergeFailure)")
    assert [each.healthy for each in (stuck, well, failed, odd)] == [False, True, False, False]
    assert (well.rows, well.bytes, well.synced[:10]) == (6, 1247, "2026-10-08")
    assert (odd.name, odd.status) == ("", "Unknown")


def test_starting_waits_until_the_database_runs(api, rest):
    assert database(api, rest).start().status == "Running"
    assert actions(rest).count("startMirroring") == 1


def test_a_database_that_is_being_made_is_started_once_it_is_there(api, rest):
    assert database(api, rest, status="Initializing").start().status == "Running"
    assert actions(rest).count("startMirroring") == 1


def test_a_database_that_says_it_is_not_ready_is_asked_again(api, rest):
    state = (200, {}, {"status": "Initialized"})
    rest.faults += [state, (400, {}, {"errorCode": "MirroredDatabaseNotReady", "message": "not yet"})]
    assert database(api, rest).start().status == "Running"
    assert actions(rest).count("startMirroring") == 2


def test_a_database_that_runs_is_left_alone(api, rest):
    database(api, rest, status="Running").start()
    assert actions(rest) == ["getMirroringStatus"]
    assert rest.waits == []


def test_a_database_without_a_definition_cannot_start(api, rest):
    with pytest.raises(FabricRefused, match=r"MirroringDefinitionMissing\); .*hygge mirror create"):
        database(api, rest, definition=False).start()


def test_a_database_that_does_not_come_to_run_is_told_with_its_state(api, rest):
    with pytest.raises(StoreError, match="does not run after 10 s; it is Paused"):
        database(api, rest, status="Paused").start(within=10)
    assert sum(rest.waits) == 10
    assert "startMirroring" not in actions(rest)


def test_nothing_here_can_stop_a_database():
    assert not [name for name in dir(MirroredDatabase) if "stop" in name.lower()]


@pytest.mark.parametrize("slow", [False, True])
def test_a_new_database_has_the_definition_of_open_mirroring(api, rest, slow):
    rest.slow_creation = slow
    made = create(api, "w", "Sales", default_schema="sales", retention_days=7)
    known = rest.databases[made.id]
    assert known["target"] == {"defaultSchema": "sales", "format": "Delta", "retentionInDays": 7}
    assert made.start().status == "Running"


def test_a_name_that_is_taken_is_refused(api):
    create(api, "w", "Sales")
    with pytest.raises(FabricRefused, match=r"the name is taken \(ItemDisplayNameAlreadyInUse\)"):
        create(api, "w", "Sales")


def test_a_creation_that_fails_later_says_why(api, rest):
    rest.slow_creation = "fails"
    with pytest.raises(StoreError, match="was not made: the capacity is paused; nothing was made"):
        create(api, "w", "Sales")


def test_a_creation_without_an_id_is_not_taken_for_one(api, rest):
    rest.faults.append((201, {}, {}))
    with pytest.raises(StoreError, match="does not tell its id"):
        create(api, "w", "Sales")


def test_a_creation_that_never_ends_is_given_up(api, rest):
    rest.faults += [(202, {"x-ms-operation-id": "o"}, None), *[(200, {}, {"status": "Running"})] * 200]
    with pytest.raises(StoreError, match="still not made"):
        create(api, "w", "Sales")
