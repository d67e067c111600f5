"""Publishing journal records: only new ones, and nothing is left of a publication that fails."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hygge_core.commit import TableRun
from hygge_core.errors import StoreError
from hygge_core.journal import JournalRecord
from hygge_core.journal.frame import frame_of
from hygge_core.lakes.local import LocalLake
from hygge_core.staging.options import FileOptions
from hygge_core.testing.proxy import proxied
from hygge_store_openmirroring.mirrored_journal import KEY, MirroredJournal
from hygge_store_openmirroring.publishing.rebuild import Rebuild
from hygge_store_openmirroring.store import MirrorStore, Partner
from openmirroring.zones import replay


MOMENT = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def zone(tmp_path):
    return LocalLake(tmp_path / "zone")


def journal_in(lake):
    store = MirrorStore(
        lake,
        path="hygge.schema/journal",
        key_columns=KEY,
        options=FileOptions(),
        rebuild=Rebuild(drop_wait=0),
        partner=Partner(),
        remembers=True,
    )
    return MirroredJournal(store=store, name="journal")


def publish(lake, run, *ids):
    journal = journal_in(lake)
    records = [
        JournalRecord(id=each, kind="run", run=run, flow="f", entity="e", started=MOMENT, finished=MOMENT, state="kept")
        for each in ids
    ]
    try:
        return journal.publish(frame_of(records), TableRun(id=run, flow="", entity="journal", started=MOMENT))
    finally:
        journal.close()


def mirrored(zone):
    (table,) = replay(zone, clean=False).tables.values()
    return sorted(table.rows["id"])


def test_only_what_is_new_is_published_and_nothing_for_nothing(zone):
    assert publish(zone, "r1", "a", "b") == 2
    assert publish(zone, "r2", "a", "b", "c", "0") == 2
    before = sorted(path for path in zone.root.rglob("*.parquet"))
    assert publish(zone, "r3", "a", "b", "c", "0") == 0
    assert sorted(path for path in zone.root.rglob("*.parquet")) == before
    assert mirrored(zone) == ["0", "a", "b", "c"]


@pytest.mark.parametrize("verb", ["create", "put", "rename"])
@pytest.mark.parametrize("earlier", [(), ("a",)])
def test_a_publication_that_fails_anywhere_is_made_up_for(zone, verb, earlier):
    if earlier:
        publish(zone, "r0", *earlier)
    for number in range(40):
        lake, left = failing(zone, verb, number)
        try:
            publish(lake, f"r1{number:02}", "a", "b")
        except (OSError, StoreError):
            assert publish(zone, f"r2{number:02}", "a", "b") in {0, 1, 2}
            assert mirrored(zone) == ["a", "b"]
            zone.delete_directory("hygge.schema")
            if earlier:
                publish(zone, f"r3{number:02}", *earlier)
        else:
            assert left[0] >= 0
            assert number > 0
            return
    pytest.fail("it never came to an end")


def failing(zone, verb, number):
    """Return a lake whose operations of a kind fail from the given one on."""
    left = [number]

    def around(operation, do):
        if operation.verb == verb:
            left[0] -= 1
            if left[0] < 0:
                raise OSError("the disk is gone")
        return do()

    return proxied(zone, around), left
