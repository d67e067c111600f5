"""A small sound store, written with nothing but the public protocols: tables in one SQLite file.

Its steps are small methods so that `broken` can break them one at a time.  It also shows
that the kit knows nothing of files.
"""

from __future__ import annotations

import hashlib
import io
import sqlite3
import uuid
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pyarrow.ipc
from attrs import evolve

from hygge_core import CommitConflict, CommitRecord, Part, Receipt, Recovery, Staged, StoreError
from hygge_core.lakes.local import LocalLake
from hygge_core.schema import schema_of
from hygge_core.store import Capabilities, Promise
from hygge_core.testing.judge import JSON


SCHEMA = """
create table if not exists staged (tbl, token, name, rows, size, checksum, data, primary key (tbl, token, name));
create table if not exists visible (tbl, name, data, primary key (tbl, name));
create table if not exists records (tbl, sequence, token, record, primary key (tbl, sequence));
"""


def open_store(place):
    return SoundStore(place)


def read(place, table):
    """What a reader sees, by SQL of its own."""
    if not Path(place, "tables.db").exists():
        return None
    with closing(sqlite3.connect(Path(place, "tables.db"))) as database:
        found = database.execute("select data from visible where tbl = ?", [table.name]).fetchall()
    return pl.concat([pl.read_ipc(io.BytesIO(data)) for (data,) in found]) if found else None


class SoundStore:
    def __init__(self, place, shim=lambda target: target):
        Path(place).mkdir(parents=True, exist_ok=True)
        self.place = place
        self.lake = LocalLake(Path(place))
        self.database = shim(Database(Path(place, "tables.db")))

    @property
    def capabilities(self):
        kept = Promise(kept=True, reason="a commit is one transaction of SQLite")
        return Capabilities(
            modes=frozenset({"replace", "append", "upsert"}),
            atomic_replace=kept,
            atomic_append=kept,
            atomic_upsert=kept,
            stable_reads=kept,
            single_writer=Promise(kept=True, reason="a lock file of the operating system"),
        )

    def locate(self, table):
        return f"{self.place}/tables.db/{table.name}"

    def stage(self, table, run):
        return SoundStage(self, table, run)

    def lease(self, table, run):
        return self.lake.lease(f"{hashlib.sha256(table.name.encode()).hexdigest()}.lock", f"run {run.token}")

    def recover(self, table):
        left = self.database.rows("select distinct token from staged where tbl = ?", table.name)
        self.database.change(("delete from staged where tbl = ?", [table.name]))
        return Recovery(swept=tuple(token for (token,) in left))

    def last(self, table):
        found = self.database.rows(
            "select record from records where tbl = ? order by sequence desc limit 1", table.name
        )
        return JSON.loads(found[0][0], CommitRecord) if found else None

    def commits(self, table):
        found = self.database.rows("select record from records where tbl = ? order by sequence", table.name)
        return [JSON.loads(record, CommitRecord) for (record,) in found]

    def count(self, table, parts=None):
        if parts is None:
            frame = read(self.place, table)
            return 0 if frame is None else frame.height
        shown = self.database.rows("select name, data from visible where tbl = ?", table.name)
        wanted = {part.name for part in parts}
        return sum(pl.read_ipc(io.BytesIO(data)).height for name, data in shown if name in wanted)

    def rows(self, table):
        frame = read(self.place, table)
        return None if frame is None else frame.lazy()

    def close(self):
        self.database.close()


class Database:
    """The connection that the crash matrix stands before: every change is one durable transaction."""

    def __init__(self, path):
        self.path = path
        with closing(self._connect()) as connection:
            connection.executescript(SCHEMA)

    def rows(self, statement, *parameters):
        with closing(self._connect()) as connection:
            return connection.execute(statement, parameters).fetchall()

    def change(self, *statements):
        with closing(self._connect()) as connection, connection:
            connection.execute("begin immediate")
            for statement, parameters in statements:
                connection.execute(statement, parameters)

    def close(self):
        """Nothing is held."""

    def _connect(self):
        connection = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        connection.execute("pragma synchronous = off")  # a killed process loses nothing; a power cut would
        return connection


class SoundStage:
    def __init__(self, store, table, run):
        self.store, self.table, self.run = store, table, run
        self.database = store.database

    def writer(self):
        return SoundWriter(self)

    def seal(self, parts):
        for part in parts:
            if self.kept(part) != part:
                raise StoreError(f"part {part.name} is not as it was written", where=self.where, fix="run again")
        return Staged(table=self.table, run=self.run, parts=tuple(parts))

    def commit(self, staged, record):
        done = self.committed()
        if done is None:
            self.publish(staged, self.completed(staged, record))
            done = self.committed()
        if done.parts != staged.parts:
            raise CommitConflict("this run has committed other rows", where=self.where, fix="start a new run")
        return Receipt(record=done, location=self.where)

    def abort(self):
        self.database.change(self.forgetting())

    def add(self, frame):
        data = frame.write_ipc(None).getvalue()
        name = f"{self.run.token}-{hashlib.sha256(data).hexdigest()[:8]}-{uuid.uuid4().hex[:8]}"
        checksum = f"sha256:{hashlib.sha256(data).hexdigest()}"
        part = Part(name=name, staged=name, rows=frame.height, size=len(data), checksum=checksum)
        values = [self.table.name, self.run.token, name, part.rows, part.size, part.checksum, data]
        self.database.change(("insert into staged values (?, ?, ?, ?, ?, ?, ?)", values))
        return part

    def rows(self, parts):
        frames = [pl.read_ipc(io.BytesIO(self.data(part))).lazy() for part in parts]
        return pl.concat([pl.LazyFrame(schema=schema_of(self.table.columns)), *frames])

    def merge(self, parts, *, key, deleted=None, watch=None):
        incoming = self.rows(parts).select(key).collect()
        self.refuse(incoming)
        before = self.store.rows(self.table)
        if before is not None:
            stays = self.staying(before.collect(), incoming, deleted)
            parts = [self.add(stays), *parts]
        if watch:
            watch(sum(part.size for part in parts))
        return parts

    # The steps, each of which a broken store does wrong.

    def refuse(self, incoming):
        if incoming.is_duplicated().any() or incoming.null_count().sum_horizontal().item():
            raise StoreError("a key comes twice or is null", where=self.where, fix="choose another key")

    def staying(self, before, incoming, deleted):
        stays = before.join(incoming, on=incoming.columns, how="anti")
        return stays if deleted is None else stays.join(deleted.collect(), on=incoming.columns, how="anti")

    def data(self, part):
        rows = self.database.rows(
            "select data from staged where tbl = ? and token = ? and name = ?",
            self.table.name,
            self.run.token,
            part.name,
        )
        return rows[0][0]

    def kept(self, part):
        found = self.database.rows(
            "select name, name, rows, size, checksum from staged where tbl = ? and token = ? and name = ?",
            self.table.name,
            self.run.token,
            part.name,
        )
        fields = ("name", "staged", "rows", "size", "checksum")
        return Part(**dict(zip(fields, found[0], strict=True))) if found else None

    def committed(self):
        found = self.database.rows(
            "select record from records where tbl = ? and token = ?", self.table.name, self.run.token
        )
        return JSON.loads(found[0][0], CommitRecord) if found else None

    def completed(self, staged, record):
        last = self.store.last(self.table)
        return evolve(
            record,
            parts=staged.parts,
            sequence=(last.sequence if last else 0) + 1,
            committed_at=datetime.now(UTC),
        )

    def publish(self, staged, record):
        self.database.change(*self.emptying(), *self.showing(staged), self.recording(record), self.forgetting())

    def emptying(self):
        if self.table.mode != "append":
            yield "delete from visible where tbl = ?", [self.table.name]

    def showing(self, staged):
        for part in staged.parts:
            yield (
                "insert into visible select tbl, name, data from staged where tbl = ? and token = ? and name = ?",
                [self.table.name, self.run.token, part.name],
            )

    def recording(self, record):
        values = [self.table.name, record.sequence, self.run.token, JSON.dumps(record)]
        return "insert into records values (?, ?, ?, ?)", values

    def forgetting(self):
        return "delete from staged where tbl = ? and token = ?", [self.table.name, self.run.token]

    @property
    def where(self):
        return self.store.locate(self.table)


class SoundWriter:
    def __init__(self, stage):
        self.stage = stage
        self.batches = []

    def write(self, batch):
        if dict(batch.schema) != dict(schema_of(self.stage.table.columns)):
            raise StoreError("a batch has other columns", where=self.stage.where, fix="give it the table's columns")
        self.batches.append(batch)

    def close(self):
        empty = pl.DataFrame(schema=schema_of(self.stage.table.columns))
        return [self.stage.add(pl.concat(self.batches) if self.batches else empty)]


def read_for_the_matrix(place, table):
    if not Path(place, "tables.db").exists():
        return None
    with closing(sqlite3.connect(Path(place, "tables.db"))) as database:
        found = database.execute("select data from visible where tbl = ?", [table]).fetchall()
    if not found:
        return None
    frames = [pyarrow.ipc.open_file(data).read_all().to_pydict() for (data,) in found]
    return {name: [value for frame in frames for value in frame[name]] for name in ("origin", "number")}


def leftovers(place):
    with closing(sqlite3.connect(Path(place, "tables.db"))) as database:
        return [str(row) for row in database.execute("select tbl, token, name from staged").fetchall()]
