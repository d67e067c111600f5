"""Settling tables in a warehouse, which switches them in one transaction of its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from hygge_acme_warehouse.stage import WarehouseStage, told
from hygge_core import CommitRecord, Locked, Recovery
from hygge_core.records import load
from hygge_core.store import Capabilities, Promise
from hygge_core.template import fill


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_acme_warehouse.connection import Warehouse
    from hygge_core import Part, Table, TableRun


class WarehouseStore:
    """The tables of one shelf; ``path`` is ``shelf/table``, in which names of entities are filled in."""

    def __init__(self, warehouse: Warehouse, path: str) -> None:
        self._warehouse = warehouse
        self._path = path

    @property
    def capabilities(self) -> Capabilities:
        """What the server's transactions give."""
        switched = Promise(kept=True, reason="the server shows and removes parts in one transaction")
        return Capabilities(
            modes=frozenset({"replace", "append"}),
            atomic_replace=switched,
            atomic_append=switched,
            stable_reads=Promise(kept=False, reason="parts that are replaced are gone, and a reader is told so"),
            single_writer=Promise(kept=True, reason="the server lends a table to one line, and takes it back with it"),
        )

    def locate(self, table: Table) -> str:
        """Say where the table is."""
        return f"{self._warehouse.address}/{self._name(table)}"

    @contextmanager
    def lease(self, table: Table, run: TableRun) -> Iterator[None]:
        """Borrow the table; the server takes it back when the line to it ends."""
        holder = f"run {run.id}"
        try:
            with told(self.locate(table)):
                self._warehouse.ask("lend", self._name(table), holder=holder)
        except Locked as error:
            error.where = self.locate(table)
            raise
        try:
            yield
        finally:
            with told(self.locate(table)):
                self._warehouse.ask("take_back", self._name(table), holder=holder)

    def recover(self, table: Table) -> Recovery:
        """Sweep what was never committed; the server leaves no commit half done."""
        with told(self.locate(table)):
            swept, _ = self._warehouse.ask("sweep", self._name(table))
        return Recovery(swept=tuple(swept))

    def last(self, table: Table) -> CommitRecord | None:
        """Return the newest commit."""
        return next(reversed(self.commits(table)), None)

    def commits(self, table: Table) -> Sequence[CommitRecord]:
        """Return every commit, the oldest first."""
        with told(self.locate(table)):
            records, _ = self._warehouse.ask("records", self._name(table))
        return [load(record.encode(), CommitRecord) for record in records]

    def count(self, table: Table, parts: Sequence[Part] | None = None) -> int:
        """Count the rows that readers see."""
        wanted = None if parts is None else {part.name for part in parts}
        with told(self.locate(table)):
            found = self._warehouse.parts(self._name(table))
        return sum(part.rows for part in found if wanted is None or part.name in wanted)

    def stage(self, table: Table, run: TableRun) -> WarehouseStage:
        """Begin to send parts, which wait under the attempt's token."""
        return WarehouseStage(self._warehouse, self._name(table), table, run, self.locate(table))

    def close(self) -> None:
        """Let go of nothing; the connection belongs to the project."""

    def _name(self, table: Table) -> str:
        return fill(self._path, entity=table.name, flow=table.flow)
