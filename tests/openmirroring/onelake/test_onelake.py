"""The store against OneLake over HTTPS, and a replicator that polls the same landing zone over HTTPS."""

from __future__ import annotations

import polars as pl
import pytest

from hygge_store_openmirroring.lint.zone import lint
from openmirroring.onelake.fabric import fabric, store_on
from openmirroring.publisher import commit_to


FIRST = pl.DataFrame({"Id": [1, 2, 3], "V": ["a", "b", "c"]})
CHANGED = pl.DataFrame({"Id": [2, 4], "V": ["B", "d"]})
UPSERTED = [(2, "B"), (3, "c"), (4, "d")]


@pytest.fixture(scope="module")
def workspace():
    with fabric() as opened:
        yield opened


@pytest.fixture
def database(workspace):
    """The mirrored database, empty again."""
    server, _, database = workspace
    yield database
    for entry in list(database.zone.list("")):
        database.zone.delete_directory(entry.path) if entry.is_directory else database.zone.delete(entry.path)
    database.poll()
    database.seen.clear()
    server.disarm()
    server.forget()


@pytest.fixture
def publish(workspace, database):
    def published(number, mode, *frames, deleted=None, **settings):
        store = store_on(workspace[0], workspace[1], database, **settings)
        try:
            commit_to(store, number, mode, frames, deleted)
        finally:
            store.close()
        database.poll()
        return database.seen[-1]

    return published


def test_a_first_load_an_upsert_and_a_rebuild_reach_the_mirrored_table(publish, database):
    assert publish(1, "replace", FIRST[:2], FIRST[2:]) == sorted(FIRST.rows())
    assert publish(2, "upsert", CHANGED, deleted=pl.DataFrame({"Id": [1]})) == UPSERTED
    assert publish(3, "replace", CHANGED) == sorted(CHANGED.rows())
    assert None in database.seen, "a rebuild waits until the table is gone"
    assert lint(database.zone) == []


def test_a_difference_reaches_the_mirrored_table(publish, database):
    publish(1, "replace", FIRST, replace="diff")
    assert publish(2, "replace", CHANGED, replace="diff") == sorted(CHANGED.rows())
    assert None not in database.seen, "the table never went away"


def test_files_that_are_found_by_time_reach_the_mirrored_table(workspace, publish):
    assert publish(1, "replace", FIRST, file_detection="timestamp") == sorted(FIRST.rows())
    workspace[0].clock.skew += 1  # since the store's pause polls here instead of letting a second pass
    done = publish(2, "upsert", CHANGED, deleted=pl.DataFrame({"Id": [1]}), file_detection="timestamp")
    assert done == UPSERTED


def test_nothing_is_asked_that_onelake_refuses(workspace, publish):
    server = workspace[0]
    publish(1, "replace", FIRST)
    publish(2, "upsert", CHANGED)
    publish(3, "replace", CHANGED)
    refused = [f"{seen.status} {seen.operation} {seen.path}" for seen in server.requests if _refused(seen)]
    assert refused == []
    assert len(server.requests) > 50, "requests were seen"


def test_each_file_of_data_is_renamed_onto_its_name(workspace, publish):
    publish(1, "replace", FIRST)
    publish(2, "upsert", CHANGED)
    changes = [seen for seen in workspace[0].requests if seen.mutating and seen.path.rpartition("/")[2][:3] == "000"]
    assert {seen.operation for seen in changes} <= {"rename"}
    assert changes


def _refused(seen):
    """Tell whether the service did not allow a request; that nothing is there, or something is, is an answer."""
    return seen.status >= 400 and seen.status not in {404, 409, 412}
