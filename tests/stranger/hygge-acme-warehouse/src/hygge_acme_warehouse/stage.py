"""Parts on their way into a table: sent at once, visible together."""

from __future__ import annotations

import itertools
import json
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl
from attrs import evolve

from hygge_acme_warehouse.connection import Refused
from hygge_acme_warehouse.frames import checksum, packed
from hygge_core import CommitConflict, CommitRecord, Locked, Part, Receipt, Staged, StoreError, StoreUnavailable
from hygge_core.records import dump, load
from hygge_core.schema import schema_of


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_acme_warehouse.connection import Warehouse
    from hygge_core import Table, TableRun


_PART_BYTES = 1 << 20


class WarehouseStage:
    """The parts of one attempt. ``name`` is the table's in the warehouse."""

    def __init__(self, warehouse: Warehouse, name: str, table: Table, run: TableRun, where: str) -> None:
        self._warehouse = warehouse
        self._name = name
        self._table = table
        self._run = run
        self._where = where
        self._numbers = itertools.count()
        self._schema = schema_of(table.columns)

    def writer(self) -> WarehouseWriter:
        """Open one more stream of rows."""
        return WarehouseWriter(self, next(self._numbers))

    def seal(self, parts: Sequence[Part]) -> Staged:
        """Make sure that the server has every part as it was sent."""
        with told(self._where):
            waiting = self._warehouse.parts(self._name, self._run.token)
        there = {(each.name, each.rows, each.size, each.checksum) for each in waiting}
        for part in parts:
            if (part.name, part.rows, part.size, part.checksum) not in there:
                what, fix = f"the warehouse does not have part {part.name} as it was sent", "run the table again"
                raise StoreError(what, where=self._where, fix=fix)
        return Staged(table=self._table, run=self._run, parts=tuple(parts))

    def commit(self, staged: Staged, record: CommitRecord) -> Receipt:
        """Have the server show the parts, and take away what they replace; or find that it did."""
        with told(self._where):
            records = [load(each.encode(), CommitRecord) for each in self._warehouse.ask("records", self._name)[0]]
            done = next((each for each in records if each.run.token == self._run.token), None)
            if done is None:
                done = self._show(staged, record, records)
        if done.parts != staged.parts:
            what, fix = f"run {self._run.token} has committed other rows than these", "start a new run"
            raise CommitConflict(what, where=self._where, fix=fix)
        return Receipt(record=done, location=self._where)

    def abort(self) -> None:
        """Have the server forget what waits."""
        with told(self._where):
            self._warehouse.ask("drop", self._name, token=self._run.token)

    def send(self, frame: pl.DataFrame, name: str) -> Part:
        """Send one part."""
        data = packed(frame)
        part = Part(name=name, staged=name, rows=frame.height, size=len(data), checksum=checksum(data))
        columns = json.dumps([[column.name, column.dtype] for column in self._table.columns])
        with told(self._where):
            self._warehouse.ask(
                "put", self._name, data, token=self._run.token, name=name, columns=columns, rows=part.rows,
                checksum=part.checksum,
            )  # fmt: skip
        return part

    def empty(self) -> pl.DataFrame:
        """Return a frame of the table's columns."""
        return pl.DataFrame(schema=self._schema)

    def checked(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Return the batch. Raises `StoreError` for columns other than the table's."""
        if batch.schema != self._schema:
            what = f"a batch has the columns {dict(batch.schema)}, not {dict(self._schema)}"
            raise StoreError(what, where=self._where, fix="give every batch the columns of the table")
        return batch

    def named(self, series: int, number: int) -> str:
        """Name a part, for ever unlike all others."""
        return f"{self._run.token}-{series:03}-{number:06}"

    def _show(self, staged: Staged, record: CommitRecord, before: Sequence[CommitRecord]) -> CommitRecord:
        replaced = staged.table.mode == "replace"
        gone = [each.name for each in self._warehouse.parts(self._name)] if replaced else []
        full = evolve(
            record, parts=staged.parts, sequence=len(before) + 1, removes=tuple(gone), committed_at=datetime.now(UTC)
        )
        names = [part.name for part in staged.parts]
        self._warehouse.ask(
            "commit", self._name, dump(full), token=self._run.token, sequence=full.sequence, show=names, remove=gone
        )
        return full


class WarehouseWriter:
    """One stream of rows, sent in parts of about a mebibyte."""

    def __init__(self, stage: WarehouseStage, series: int) -> None:
        self._stage = stage
        self._series = series
        self._waiting = [stage.empty()]
        self._parts: list[Part] = []

    def write(self, batch: pl.DataFrame) -> None:
        """Add the batch's rows."""
        self._waiting.append(self._stage.checked(batch))
        if sum(frame.estimated_size() for frame in self._waiting) >= _PART_BYTES:
            self._send()

    def close(self) -> Sequence[Part]:
        """Send what is left."""
        if not self._parts or any(frame.height for frame in self._waiting):
            self._send()
        return tuple(self._parts)

    def _send(self) -> None:
        name = self._stage.named(self._series, len(self._parts))
        self._parts.append(self._stage.send(pl.concat(self._waiting), name))
        self._waiting = [self._stage.empty()]


@contextmanager
def told(where: str) -> Iterator[None]:
    """Say what the server refused, or that it is gone, as hygge wants to hear it."""
    try:
        yield
    except Refused as error:
        if error.holder:
            raise Locked(str(error), holder=error.holder, where=where, fix="wait until it is done") from error
        raise CommitConflict(str(error), where=where, fix="run the table again") from error
    except ConnectionError as error:
        raise StoreUnavailable(str(error), where=where, fix="look whether the warehouse is open") from error
