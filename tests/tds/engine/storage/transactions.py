"""Transactions: what they see, the rows that they lock, and what becomes of their changes."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from tds.contract import SqlError
from tds.engine.storage.versions import Changes


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from threading import Event

    from tds.engine.storage.database import Database
    from tds.engine.storage.tables import Table
    from tds.engine.storage.versions import Row, Version

READ_COMMITTED, READ_UNCOMMITTED, SNAPSHOT = "READ COMMITTED", "READ UNCOMMITTED", "SNAPSHOT"


@frozen
class Moment:
    """All tables of a database at one moment, and the version of Change Tracking then."""

    versions: Mapping[int, Version]
    changes: int


@define(eq=False)
class Transaction:
    """One transaction. A statement outside of any has one of its own."""

    database: Database
    isolation: str = READ_COMMITTED
    lock_timeout: float | None = None
    cancelled: Event | None = None
    seen: Moment | None = None
    changes: dict[int, tuple[Table, Changes]] = field(factory=dict)
    undo: list[Callable[[], Any]] = field(factory=list)
    locked: list[tuple[Table, int]] = field(factory=list)
    first_rowversion: int | None = None
    waits_for: Transaction | None = None
    ended: bool = False
    began: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.began = self.isolation

    def moment(self) -> Moment:
        """Return what a statement of this transaction sees of others. Raises `SqlError` 3952."""
        if self.isolation != SNAPSHOT:
            return self.database.moment
        if self.began != SNAPSHOT:
            raise _begun_otherwise(self.database.name)
        if self.database.snapshot == "OFF":
            name = self.database.name
            raise SqlError(
                3952,
                f"Snapshot isolation transaction failed accessing database '{name}' because snapshot "
                "isolation is not allowed in this database. Use ALTER DATABASE to allow snapshot isolation.",
            )
        if self.seen is None:
            self.seen = self.database.moment
        return self.seen

    def version(self, table: Table, isolation: str | None = None) -> Version:
        """Return a table as this transaction sees it, its own changes included; None is its own isolation."""
        moment = self.database.moment if isolation == READ_UNCOMMITTED else self.moment()
        found = moment.versions.get(table.id)
        if found is None:
            raise SqlError(
                3961,
                "Snapshot isolation transaction failed because the object was changed by a DDL "
                "statement in another concurrent transaction since the start of this transaction.",
            )
        if (isolation or self.isolation) == READ_UNCOMMITTED:
            return self.database.dirty(table, found)
        return found.with_changes(self.of(table)) if table.id in self.changes else found

    def of(self, table: Table) -> Changes:
        """Return what this transaction did to a table."""
        if table.id not in self.changes:
            self.changes[table.id] = (table, Changes())
            self.database.active.add(self)
        return self.changes[table.id][1]

    def lock(self, table: Table, row: int) -> bool:
        """Lock a row, and say whether others held it meanwhile, so that it may have changed."""
        waited = False
        with self.database.ended:
            while (owner := table.locks.get(row)) not in {None, self}:
                waited = True
                self._wait(owner)
            table.locks[row] = self
            self.locked.append((table, row))
        return waited

    def wait_for(self, owner: Transaction) -> None:
        """Wait until another transaction ended."""
        with self.database.ended:
            while not owner.ended:
                self._wait(owner)

    def _wait(self, owner: Transaction) -> None:
        """Wait a while for another transaction; the condition is held. Raises `SqlError` 1205 and 1222."""
        self.waits_for = owner
        try:
            self._check_deadlock()
            if self.lock_timeout == 0:
                raise _timeout()
            deadline = None if self.lock_timeout is None else monotonic() + self.lock_timeout
            while not owner.ended:
                self.database.ended.wait(0.05)
                if self.cancelled is not None and self.cancelled.is_set():
                    raise SqlError(0, "Operation cancelled by user.", severity=11)
                if deadline is not None and monotonic() > deadline:
                    raise _timeout()
                self._check_deadlock()
        finally:
            self.waits_for = None

    def _check_deadlock(self) -> None:
        other = self.waits_for
        while other is not None and other is not self:
            other = other.waits_for
        if other is self:
            raise SqlError(
                1205,
                "Transaction was deadlocked on lock resources with another process and has been "
                "chosen as the deadlock victim. Rerun the transaction.",
                severity=13,
                state=51,
            )

    def put(self, table: Table, row: int, before: Row | None, values: Row) -> None:
        """Insert a row, or replace one that this transaction may write; a row of another key is another row."""
        changes = self.of(table)
        changes.rows[row] = values
        if before is not None and _keys(table, before) == _keys(table, values):
            changes.operations.append(("U", values))
        else:
            changes.operations.extend([] if before is None else [("D", before)])
            changes.operations.append(("I", values))

    def remove(self, table: Table, row: int, values: Row) -> None:
        """Delete a row that this transaction may write."""
        changes = self.of(table)
        changes.rows.pop(row, None)
        changes.deleted.add(row)
        changes.operations.append(("D", values))

    def rowversion(self) -> bytes:
        """Take the next rowversion of the database, which stays active until this transaction ends."""
        value = self.database.next_rowversion(self)
        if self.first_rowversion is None:
            self.first_rowversion = value
        return value.to_bytes(8, "big")


def _begun_otherwise(database: str) -> SqlError:
    return SqlError(
        3951,
        f"Transaction failed in database '{database}' because the statement was run under snapshot isolation but the "
        "transaction did not start in snapshot isolation. You cannot change the isolation level of the transaction to "
        "snapshot after the transaction has started unless the transaction was originally started under snapshot "
        "isolation level.",
    )


def _keys(table: Table, row: Row) -> list[Any]:
    return [row[at] for key in table.keys if key.primary for at, _ in key.columns]


def _timeout() -> SqlError:
    return SqlError(1222, "Lock request time out period exceeded.", state=51)
