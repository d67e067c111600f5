"""A publisher that can be killed at any operation, and the service that looks at every one of them."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import polars as pl

from hygge_core.commit import CommitRecord, Table, TableRun
from hygge_core.schema import columns_of
from hygge_core.staging.options import FileOptions
from hygge_core.testing.proxy import proxied
from hygge_store_openmirroring.publishing.rebuild import Rebuild
from hygge_store_openmirroring.replicator.replicator import Replicator
from hygge_store_openmirroring.store import MirrorStore, Partner


FIRST = pl.DataFrame({"Id": [1, 2, 3], "V": ["a", "b", "c"]})
CHANGED = pl.DataFrame({"Id": [2, 4], "V": ["B", "d"]})
UPSERTED = [(1, "a"), (2, "B"), (3, "c"), (4, "d")]
"""A first load, an upsert with one key of it, and what both come to."""

FOLDER = "dbo.schema/Order"


class Killed(OSError):
    """The process is gone; not one operation more is carried out."""


class Service:
    """The mirrored database: polls the zone, and tells which of its tables are there."""

    def __init__(self, zone):
        self.replicator = Replicator(zone, seed=7)
        self.seen = []

    def poll(self):
        self.replicator.poll()
        for table in self.replicator.tables.values():
            assert table.failure is None, table.failure
        rows = [sorted(table.rows.rows()) for table in self.replicator.tables.values() if table.taken]
        self.seen.append(rows[0] if rows else None)

    def has(self, folder):
        return any(table.name.folder == folder for table in self.replicator.tables.values())


class Publisher:
    """Runs against a zone; dies at the operation with the given number.

    ``disturb`` stands between the publisher and each operation that it makes.
    """

    def __init__(self, zone, service, dies_at=None, disturb=None, **settings):
        self.operations = 0
        self.dies_at = dies_at
        self.disturb = disturb or (lambda _, do: do())
        self.service = service
        self.lock = threading.RLock()
        lake = proxied(zone, self.around)
        rebuild = Rebuild(tables=service, sleep=lambda _: self.service.poll(), poll=0)
        given = {"key_columns": ("Id",), "rebuild": rebuild, **settings}
        self.store = MirrorStore(lake, path="dbo.schema/{entity}", options=FileOptions(), partner=Partner(), **given)

    def around(self, operation, do):
        if operation.verb in {"lease:end", "open:end"}:  # which the system does for the dead
            return do()
        with self.lock:
            self.operations += 1
            if self.dies_at is not None and self.operations >= self.dies_at:
                raise Killed
            self.service.poll()
            done = self.disturb(operation, do)
            self.service.poll()
        return done

    def run(self, number, mode, frames, deleted=None):
        commit_to(self.store, number, mode, frames, deleted)
        self.store.close()


def commit_to(store, number, mode, frames, deleted=None):
    """Do what a run does to a store: recover, stage, and commit one table."""
    table = Table(name="Order", columns=columns_of(frames[0].schema), mode=mode)
    run = TableRun(id=f"run{number}", flow="f", entity="Order", started=datetime.now(UTC))
    with store.lease(table, run):
        store.recover(table)
        stage = store.stage(table, run)
        parts = [part for frame in frames for part in written(stage, frame)]
        if mode == "upsert":
            parts = stage.merge(parts, key=["Id"], deleted=None if deleted is None else deleted.lazy())
        staged = stage.seal(parts)
        stage.commit(staged, CommitRecord(run=run, table=staged.table, parts=staged.parts))


def written(stage, frame):
    writer = stage.writer()
    writer.write(frame)
    return writer.close()
