"""Stores of one text file for each run, whose careless orders of doing things the crash matrix must report.

Child processes import this by name.  The lake is sound; only the order of its operations is not.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
from attrs import evolve

from hygge_core import CommitRecord, Part, Receipt, Recovery, Staged
from hygge_core.lakes.local import LocalLake
from hygge_core.store import Capabilities, Promise
from hygge_core.testing.crash import Subject
from hygge_core.testing.judge import JSON


class CarelessStore:
    """Keeps each part as a JSON file in the table's folder, and the last record beside it."""

    modes = frozenset({"replace", "append", "upsert"})

    def __init__(self, place, shim):
        self.lake = shim(LocalLake(Path(place)))

    @property
    def capabilities(self):
        said = Promise(kept=True, reason="says the author")
        return Capabilities(
            modes=self.modes, atomic_replace=said, atomic_append=said, stable_reads=said, single_writer=said
        )

    def locate(self, table):
        return self.lake.url(table.name)

    def lease(self, table, run):
        return self.lake.lease(f"_{table.name}/lease", run.token)

    def stage(self, table, run):
        return CarelessStage(self, table, run)

    def recover(self, table):
        self.lake.delete_directory(f"_{table.name}/stages")
        return Recovery()

    def last(self, table):
        with suppress(FileNotFoundError):
            return JSON.loads(self.lake.read(f"_{table.name}/record"), CommitRecord)
        return None

    def publish(self, stage, staged, record):
        raise NotImplementedError

    def close(self):
        """Nothing is held."""


class DeletesThenRenames(CarelessStore):
    def publish(self, stage, staged, record):  # noqa: ARG002
        self.lake.delete_directory(stage.table.name)
        self.lake.rename_directory(stage.folder, stage.table.name)
        self.remember(stage, record)

    def remember(self, stage, record):
        self.lake.put(f"_{stage.table.name}/record", JSON.dumps(record).encode())


class AppendsWithoutARecord(DeletesThenRenames):
    def publish(self, stage, staged, record):
        for part in staged.parts:
            self.lake.rename(part.staged, f"{stage.table.name}/{part.name}")
        self.remember(stage, record)


class RemembersBeforeItPublishes(AppendsWithoutARecord):
    """Keeps a record, early, and never looks at it again: progress without rows."""

    def publish(self, stage, staged, record):
        self.remember(stage, record)
        super().publish(stage, staged, record)


class WritesInPlace(DeletesThenRenames):
    """Writes the final file where readers look."""

    def publish(self, stage, staged, record):
        for part in staged.parts:
            with self.lake.create(f"{stage.table.name}/{part.name}") as file:
                file.write(self.lake.read(part.staged))
        self.remember(stage, record)


class NeverSweeps(AppendsWithoutARecord):
    def recover(self, table):  # noqa: ARG002
        return Recovery()


class LetsEveryoneIn(DeletesThenRenames):
    """Replaces file by file, and has no lease."""

    lease = None

    def recover(self, table):  # noqa: ARG002
        return Recovery()

    def publish(self, stage, staged, record):
        old = [entry.path for entry in self.lake.list(stage.table.name)]
        for part in staged.parts:
            self.lake.rename(part.staged, f"{stage.table.name}/{part.name}")
        for path in old:
            self.lake.delete(path)
        self.remember(stage, record)


class UpsertsInPlace(DeletesThenRenames):
    """Writes the files of the table anew under their names, one after the other, then adds what came."""

    def publish(self, stage, staged, record):
        for path, data in self.without(stage):
            self.lake.put(path, data)
        self.add(stage, staged)
        self.remember(stage, record)

    def add(self, stage, staged):
        for part in staged.parts:
            self.lake.rename(part.staged, f"{stage.table.name}/{part.name}")

    def without(self, stage):
        """What remains of each file when the rows that go are taken out."""
        for entry in self.lake.list(stage.table.name):
            rows = json.loads(self.lake.read(entry.path))
            yield entry.path, json.dumps([row for row in rows if row["number"] not in stage.gone]).encode()


class UpsertDeletesFirst(UpsertsInPlace):
    """Deletes the files of the table, and writes what remains of them later."""

    def publish(self, stage, staged, record):
        remaining = list(self.without(stage))
        for path, _ in remaining:
            self.lake.delete(path)
        for path, data in remaining:
            self.lake.put(path, data)
        self.add(stage, staged)
        self.remember(stage, record)


class UpsertDoublesRows(UpsertsInPlace):
    """Adds what came first, and takes out what it replaces later."""

    def publish(self, stage, staged, record):
        remaining = list(self.without(stage))
        self.add(stage, staged)
        for path, data in remaining:
            self.lake.put(path, data)
        self.remember(stage, record)


class AbortTakesTheTable(DeletesThenRenames):
    def publish(self, stage, staged, record):
        stage.doomed = True
        super().publish(stage, staged, record)


class CarelessStage:
    doomed = False

    def __init__(self, store, table, run):
        self.store, self.table, self.run = store, table, run
        self.folder = f"_{table.name}/stages/{run.token}"
        self.count = 0

    def writer(self):
        return CarelessWriter(self)

    def merge(self, parts, *, key, deleted=None, watch=None):  # noqa: ARG002
        """Note the rows that go; nothing more, for that is how careless it is."""
        incoming = [row["number"] for part in parts for row in json.loads(self.store.lake.read(part.staged))]
        self.gone = {*incoming, *deleted.collect()["number"]}
        return parts

    def seal(self, parts):
        return Staged(table=self.table, run=self.run, parts=tuple(parts))

    def commit(self, staged, record):
        last = self.store.last(self.table)
        record = evolve(record, sequence=(last.sequence if last else 0) + 1, committed_at=datetime.now(UTC))
        self.store.publish(self, staged, record)
        return Receipt(record=record, location=self.store.locate(self.table))

    def abort(self):
        self.store.lake.delete_directory(self.folder)
        if self.doomed:
            self.store.lake.delete_directory(self.table.name)


class CarelessWriter:
    def __init__(self, stage):
        self.stage = stage
        self.batches = []

    def write(self, batch):
        self.batches.append(batch)

    def close(self):
        stage = self.stage
        stage.count += 1
        name = f"{stage.run.token}-{stage.count}.json"
        data = pl.concat(self.batches).write_json().encode()
        with stage.store.lake.create(f"{stage.folder}/{name}") as file:
            file.write(data)
        rows = sum(batch.height for batch in self.batches)
        return [Part(name=name, staged=f"{stage.folder}/{name}", rows=rows, size=len(data), checksum="none:")]


def read(place, table):
    folder = Path(place, table)
    if not folder.exists():
        return None
    rows = [row for file in folder.glob("*.json") for row in json.loads(file.read_text("utf-8") or "[]")]
    return {"origin": [row["origin"] for row in rows], "number": [row["number"] for row in rows]}


def leftovers(place):
    return [str(path) for path in Path(place).rglob("stages/*/*")]


def subject(store):
    return Subject(
        open=f"core.testing.careless:{store}",
        read="core.testing.careless:read",
        leftovers="core.testing.careless:leftovers",
    )
