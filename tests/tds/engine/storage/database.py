"""A database: its objects by name, its current moment, its counters, and the end of transactions."""

from __future__ import annotations

from threading import Condition, RLock
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from tds.contract import DEFAULT_COLLATION, SqlError
from tds.engine.storage.transactions import Moment


if TYPE_CHECKING:
    from tds.engine.storage.tables import Table, View
    from tds.engine.storage.transactions import Transaction
    from tds.engine.storage.versions import Changes, Version


_FIRST_OBJECT = 245_575_913


@define(eq=False)
class Database:
    """One database. ``snapshot`` is ON or OFF; ``retention`` is None while Change Tracking is off.

    READ COMMITTED reads committed rows without waiting for writers, as with READ_COMMITTED_SNAPSHOT ON, which is how
    Azure SQL Database comes. Definitions of tables change at once, and back again when their transaction rolls back.
    """

    name: str
    id: int
    collation: str = DEFAULT_COLLATION
    snapshot: str = "ON"
    retention: str | None = None
    cleans_up: bool = True
    schemas: dict[str, tuple[int, str]] = field(factory=dict)
    objects: dict[tuple[str, str], Table | View] = field(factory=dict)
    denied: set[tuple[str, str, int | None]] = field(factory=set)
    moment: Moment = field(factory=lambda: Moment({}, 0))
    last_rowversion: int = 2000
    last_object: int = _FIRST_OBJECT
    lock: Any = field(factory=RLock, repr=False)
    active: set[Transaction] = field(factory=set, repr=False)
    ended: Condition = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self.ended = Condition(self.lock)
        for number, name in ((1, "dbo"), (2, "guest"), (3, "INFORMATION_SCHEMA"), (4, "sys")):
            self.schemas[name.lower()] = (number, name)

    def next_object(self) -> int:
        """Number a new object."""
        with self.lock:
            self.last_object += 16
            return self.last_object

    def next_rowversion(self, transaction: Transaction) -> int:
        """Take the next rowversion for a transaction that is known to be active."""
        with self.lock:
            self.active.add(transaction)
            self.last_rowversion += 1
            return self.last_rowversion

    def min_active_rowversion(self) -> int:
        """Return the lowest rowversion that is not committed, or the next one to come."""
        with self.lock:
            active = (one.first_rowversion for one in self.active if not one.ended)
            return min((value for value in active if value is not None), default=self.last_rowversion + 1)

    def find(self, schema: str, name: str) -> Table | View | None:
        """Find a table or view by its name, in any case."""
        return self.objects.get((schema.lower(), name.lower()))

    def add(self, found: Table | View, version: Version | None = None) -> None:
        """Add a table or view. Raises `SqlError` 2714 when the name is taken."""
        with self.lock:
            if found.schema.lower() not in self.schemas:
                raise SqlError(
                    2760,
                    f'The specified schema name "{found.schema}" either does not exist or you do not '
                    "have permission to use it.",
                )
            key = (found.schema.lower(), found.name.lower())
            if key in self.objects:
                raise SqlError(2714, f"There is already an object named '{found.name}' in the database.", state=6)
            self.objects[key] = found
            if version is not None:
                self.show(found.id, version)

    def remove(self, found: Table | View) -> None:
        """Drop a table or view; those who read it go on reading."""
        with self.lock:
            self.objects.pop((found.schema.lower(), found.name.lower()), None)
            kept = {number: version for number, version in self.moment.versions.items() if number != found.id}
            self.moment = evolve(self.moment, versions=kept)

    def show(self, table: int, version: Version) -> None:
        """Make a version of a table the current one."""
        with self.lock:
            self.moment = evolve(self.moment, versions={**self.moment.versions, table: version})

    def dirty(self, table: Table, version: Version) -> Version:
        """Return a table with the uncommitted changes of everybody."""
        with self.lock:
            for transaction in self.active:
                if table.id in transaction.changes:
                    version = version.with_changes(transaction.changes[table.id][1])
        return version

    def commit(self, transaction: Transaction) -> None:
        """Make all changes of a transaction visible in one moment."""
        with self.lock:
            versions = dict(self.moment.versions)
            tracked = False
            for number, (table, changes) in transaction.changes.items():
                if number in versions:
                    before = versions[number]
                    versions[number] = before.with_changes(changes)
                    self._forget_keys(table, changes, before, versions[number])
                tracked |= self._track(table, changes, self.moment.changes + 1)
            self.moment = Moment(versions, self.moment.changes + tracked)
            self._end(transaction)

    def rollback(self, transaction: Transaction) -> None:
        """Let go of all changes of a transaction."""
        with self.lock:
            for undo in reversed(transaction.undo):
                undo()
            self._end(transaction)

    def _end(self, transaction: Transaction) -> None:
        for table, row in transaction.locked:
            if table.locks.get(row) is transaction:
                del table.locks[row]
        transaction.ended = True
        self.active.discard(transaction)
        self.ended.notify_all()

    def _track(self, table: Table, changes: Changes, version: int) -> bool:
        if table.tracking is None or not changes.operations:
            return False
        (primary,) = (key for key in table.keys if key.primary)
        for operation, values in changes.operations:
            table.tracking.log.append((version, operation, tuple(values[at] for at, _ in primary.columns)))
        return True

    def _forget_keys(self, table: Table, changes: Changes, before: Version, after: Version) -> None:
        from tds.engine.storage.keys import key_value  # keys need transactions

        for key in table.keys:
            if not key.unique:
                continue
            for row in (*changes.deleted, *changes.rows):
                old, new = before.get(row), after.get(row)
                if old is not None and (new is None or new != old):
                    value = key_value(before.columns, key, old)
                    kept = None if new is None else key_value(after.columns, key, new)
                    if kept != value and key.entries.get(value) == row:
                        del key.entries[value]
