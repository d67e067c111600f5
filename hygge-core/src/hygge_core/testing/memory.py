"""A store in memory: complete, honest and quick, for testing flows without disks."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl
from attrs import Factory, evolve, frozen

from hygge_core.commit import Part, Receipt, Recovery, Staged
from hygge_core.errors import CommitConflict, Locked, StoreError
from hygge_core.polish.column import column
from hygge_core.schema import schema_of
from hygge_core.store import Capabilities, Promise


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hygge_core.commit import CommitRecord, Table, TableRun


@frozen(kw_only=True, eq=False)
class MemoryPlace:
    """What a memory store keeps, outliving the store objects that are opened on it.

    Every change happens under ``lock``, so that a reader sees whole commits only.
    """

    lock: threading.RLock = Factory(threading.RLock)
    tables: dict[str, dict[str, pl.DataFrame]] = Factory(dict)
    records: dict[str, list[CommitRecord]] = Factory(dict)
    stages: dict[tuple[str, str], dict[str, tuple[Part, pl.DataFrame]]] = Factory(dict)
    holders: dict[str, str] = Factory(dict)

    def read(self, table: Table) -> pl.DataFrame | None:
        """Return the rows that a reader sees now, None when there is no such table."""
        with self.lock:
            parts = self.tables.get(_key(table))
            return None if parts is None else pl.concat(parts.values(), how="diagonal_relaxed")


class MemoryStore:
    """A store in memory with every ability that a store can have."""

    def __init__(self, place: MemoryPlace | None = None) -> None:
        self.place = place if place is not None else MemoryPlace()

    @property
    def capabilities(self) -> Capabilities:
        """What this store gives: everything, for as long as the process lives."""
        locked = Promise(kept=True, reason="a commit and a reading each hold the one lock of the place")
        return Capabilities(
            modes=frozenset({"replace", "append", "upsert"}),
            atomic_replace=locked,
            atomic_append=locked,
            atomic_upsert=locked,
            stable_reads=Promise(kept=True, reason="a reader gets its rows at once and keeps them"),
            single_writer=Promise(kept=True, reason="the holders of tables are kept in the place"),
        )

    def locate(self, table: Table) -> str:
        """Say where the table is."""
        return f"memory:{_key(table)}"

    def stage(self, table: Table, run: TableRun) -> MemoryStage:
        """Start staging, or take up the stage that this run already has."""
        return MemoryStage(self.place, table, run)

    @contextmanager
    def lease(self, table: Table, run: TableRun) -> Iterator[None]:
        """Hold the table against every other run."""
        key = _key(table)
        with self.place.lock:
            if holder := self.place.holders.get(key):
                raise Locked(
                    f"is being written by {holder}",
                    holder=holder,
                    where=self.locate(table),
                    fix="wait for it to finish",
                )
            self.place.holders[key] = f"run {run.token} in process {os.getpid()}"
        try:
            yield
        finally:
            with self.place.lock:
                del self.place.holders[key]

    def recover(self, table: Table) -> Recovery:
        """Sweep stages that were left; a commit cannot be left in the middle here."""
        key = _key(table)
        with self.place.lock:
            left = [stage for stage in self.place.stages if stage[0] == key]
            for stage in left:
                del self.place.stages[stage]
        return Recovery(swept=tuple(token for _, token in left))

    def last(self, table: Table) -> CommitRecord | None:
        """Return the newest commit of the table."""
        with self.place.lock:
            records = self.place.records.get(_key(table), [])
            return records[-1] if records else None

    def commits(self, table: Table) -> tuple[CommitRecord, ...]:
        """Return every commit of the table, the oldest first."""
        with self.place.lock:
            return tuple(self.place.records.get(_key(table), []))

    def rows(self, table: Table) -> pl.LazyFrame | None:
        """Return the visible rows."""
        frame = self.place.read(table)
        return None if frame is None else frame.lazy()

    def count(self, table: Table, parts: Sequence[Part] | None = None) -> int:
        """Count the visible rows, of the given parts only if there are any given."""
        with self.place.lock:
            frames = self.place.tables.get(_key(table), {})
            wanted = frames.keys() if parts is None else {part.name for part in parts}
            return sum(frame.height for name, frame in frames.items() if name in wanted)

    def close(self) -> None:
        """Let go of nothing: the place stays."""


class MemoryStage:
    """Frames waiting in the place under the token of their run."""

    def __init__(self, place: MemoryPlace, table: Table, run: TableRun) -> None:
        self._place = place
        self._table = table
        self._run = run
        self._schema = schema_of(table.columns)
        self._key = (_key(table), run.token)
        self.location = f"memory:{self._key[0]}"
        with place.lock:
            place.stages.setdefault(self._key, {})

    def writer(self) -> MemoryWriter:
        """Open one more stream of rows."""
        return MemoryWriter(self, self._schema)

    def rows(self, parts: Sequence[Part]) -> pl.LazyFrame:
        """Return the rows of staged parts."""
        with self._place.lock:
            frames = [self._place.stages[self._key][part.name][1] for part in parts]
        return pl.concat([pl.LazyFrame(schema=self._schema), *(frame.lazy() for frame in frames)])

    def merge(
        self,
        parts: Sequence[Part],
        *,
        key: Sequence[str],
        deleted: pl.LazyFrame | None = None,
        watch: Callable[[int], None] | None = None,
    ) -> Sequence[Part]:
        """Stage the present rows that stay beside the parts."""
        on = [column(name) for name in key]
        incoming = self.rows(parts).select(on).collect()
        self._demand_key(incoming)
        gone = incoming if deleted is None else pl.concat([incoming, deleted.select(on).collect()])
        before = self._place.read(self._table)
        if before is None:
            return tuple(parts)
        stays = before.join(gone, on=on, how="anti", nulls_equal=True)
        fitted = pl.concat([pl.DataFrame(schema=self._schema), stays], how="diagonal_relaxed")
        if watch is not None:
            watch(int(fitted.estimated_size()))
        return (self.add(fitted.select(*map(column, self._schema))), *parts)

    def seal(self, parts: Sequence[Part]) -> Staged:
        """Check that every part is there as it was written."""
        with self._place.lock:
            for part in parts:
                self._verify(part)
        return Staged(table=self._table, run=self._run, parts=tuple(parts))

    def commit(self, staged: Staged, record: CommitRecord) -> Receipt:
        """Switch the table and remember the record, under one lock."""
        with self._place.lock:
            if done := self._committed(staged):
                return self._receipt(done)
            for part in staged.parts:
                self._verify(part)
            return self._receipt(self._publish(staged, record))

    def abort(self) -> None:
        """Forget what waits. What is committed stays."""
        with self._place.lock:
            self._place.stages.pop(self._key, None)

    def add(self, frame: pl.DataFrame) -> Part:
        """Keep one more frame; for the writer of this stage."""
        with self._place.lock:
            waiting = self._place.stages.setdefault(self._key, {})
            name = f"{self._run.token}-{len(waiting):06}"
            size = int(frame.estimated_size())
            part = Part(name=name, staged=name, rows=frame.height, size=size, checksum=_checksum(frame))
            waiting[name] = (part, frame)
        return part

    def _demand_key(self, incoming: pl.DataFrame) -> None:
        if incoming.is_duplicated().any() or any(incoming.null_count().row(0)):
            raise StoreError(
                "the new rows hold a key twice, or one without a value",
                where=self.location,
                fix="check the key of the watermark",
            )

    def _committed(self, staged: Staged) -> CommitRecord | None:
        for record in self._place.records.get(self._key[0], []):
            if record.run.token != self._run.token:
                continue
            if record.parts != staged.parts:
                raise CommitConflict(
                    f"run {self._run.token} has already committed other rows",
                    where=self.location,
                    fix="start a new run",
                )
            return record
        return None

    def _verify(self, part: Part) -> None:
        written, _ = self._place.stages.get(self._key, {}).get(part.name, (None, None))
        if written != part:
            fault = "is missing" if written is None else "is not what was written"
            raise StoreError(f"part {part.name} {fault}", where=self.location, fix="run the table again")

    def _publish(self, staged: Staged, record: CommitRecord) -> CommitRecord:
        key, place = self._key[0], self._place
        before = place.tables.get(key, {})
        kept = before if self._table.mode == "append" else {}
        history = place.records.setdefault(key, [])
        full = evolve(
            record,
            sequence=len(history) + 1,
            removes=tuple(before.keys() - kept.keys()),
            committed_at=datetime.now(UTC),
        )
        waiting = place.stages.pop(self._key)
        place.tables[key] = kept | {part.name: waiting[part.name][1] for part in staged.parts}
        history.append(full)
        return full

    def _receipt(self, record: CommitRecord) -> Receipt:
        return Receipt(record=record, location=self.location)


class MemoryWriter:
    """One stream of rows: collects batches and hands one frame to its stage."""

    def __init__(self, stage: MemoryStage, schema: pl.Schema) -> None:
        self._stage = stage
        self._schema = schema
        self._batches: list[pl.DataFrame] = []

    def write(self, batch: pl.DataFrame) -> None:
        """Add the batch's rows. Raises `StoreError` for columns other than the table's."""
        if batch.schema != self._schema:
            raise StoreError(
                f"a batch has the columns {dict(batch.schema)}, not {dict(self._schema)}",
                where=self._stage.location,
                fix="give every batch the columns of the table",
            )
        self._batches.append(batch)

    def close(self) -> Sequence[Part]:
        """Hand over what came as one part."""
        frame = pl.concat(self._batches) if self._batches else pl.DataFrame(schema=self._schema)
        return (self._stage.add(frame),)


def _key(table: Table) -> str:
    return f"{table.flow}/{table.name}"


def _checksum(frame: pl.DataFrame) -> str:
    buffer = BytesIO()
    frame.write_ipc(buffer)
    return f"sha256:{sha256(buffer.getvalue()).hexdigest()}"
