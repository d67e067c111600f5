"""Unique keys: who holds which value."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from tds.contract import SqlError
from tds.engine.values.ordering import nulls_first


if TYPE_CHECKING:
    from tds.engine.storage.tables import Key, Table, TableColumn
    from tds.engine.storage.transactions import Transaction
    from tds.engine.storage.versions import Row, Version


def key_value(columns: tuple[TableColumn, ...], key: Key, row: Row) -> tuple[Any, ...]:
    """Return what a row is compared by in a key; NULL is a value like any other there."""
    return tuple(nulls_first(columns[at].type)(row[at]) for at, _ in key.columns)


Pending = Mapping[int, "Row | None"]
"""The rows that a statement is about to write, by number; None is deleted."""


def claim(transaction: Transaction, table: Table, columns: tuple[TableColumn, ...], row: int, pending: Pending) -> None:
    """Take the keys of a pending row for it. Raises `SqlError` 2627 or 2601 when another row has one of them."""
    values = pending[row] or ()
    for key in table.keys:
        if key.unique:
            value = key_value(columns, key, values)
            if not _claim(transaction, table, key, (row, value), pending):
                raise duplicate(table, key, tuple(values[at] for at, _ in key.columns))


def _claim(transaction: Transaction, table: Table, key: Key, wanted: tuple[int, Any], pending: Pending) -> bool:
    """Take one key of a row for it, and say whether it was free."""
    row, value = wanted
    while True:
        with transaction.database.lock:
            holder = key.entries.get(value)
            owner = None if holder is None else table.locks.get(holder)
            mine = owner is transaction and holder is not None
            if holder in {None, row} or (mine and not _has(_current(transaction, table, holder, pending), key, value)):
                key.entries[value] = row
                transaction.undo.append(partial(_restore, key, value, holder))
                return True
        if owner is None or owner is transaction:
            return False
        transaction.wait_for(owner)


def _current(
    transaction: Transaction, table: Table, row: int, pending: Pending
) -> tuple[tuple[TableColumn, ...], Row | None]:
    """Return a row that the transaction itself holds, as it will be after the statement."""
    version = transaction.database.moment.versions[table.id]
    mine = transaction.of(table)
    if row in pending:
        return version.columns, pending[row]
    return version.columns, None if row in mine.deleted else mine.rows.get(row, version.get(row))


def _has(found: tuple[tuple[TableColumn, ...], Row | None], key: Key, value: Any) -> bool:
    columns, row = found
    return row is not None and key_value(columns, key, row) == value


def _restore(key: Key, value: Any, holder: int | None) -> None:
    if holder is None:
        key.entries.pop(value, None)
    else:
        key.entries[value] = holder


def duplicate(table: Table, key: Key, values: tuple[Any, ...]) -> SqlError:
    """Make the error of a key that is there already."""
    shown = ", ".join("<NULL>" if value is None else str(value) for value in values)
    if key.constraint:
        kind = "PRIMARY KEY" if key.primary else "UNIQUE KEY"
        return SqlError(
            2627,
            f"Violation of {kind} constraint '{key.name}'. Cannot insert duplicate key in object "
            f"'{table.schema}.{table.name}'. The duplicate key value is ({shown}).",
            severity=14,
        )
    return SqlError(
        2601,
        f"Cannot insert duplicate key row in object '{table.schema}.{table.name}' with unique index "
        f"'{key.name}'. The duplicate key value is ({shown}).",
        severity=14,
    )


def fill(table: Table, key: Key, version: Version) -> None:
    """Enter all rows of a table into a new key. Raises `SqlError` 1505 when two have the same value."""
    if not key.unique:
        return
    for row, values in version.numbered():
        value = key_value(version.columns, key, values)
        if key.entries.setdefault(value, row) != row:
            shown = ", ".join(str(values[at]) for at, _ in key.columns)
            raise SqlError(
                1505,
                "The CREATE UNIQUE INDEX statement terminated because a duplicate key was found for "
                f"the object name '{table.schema}.{table.name}' and the index name '{key.name}'. The "
                f"duplicate key value is ({shown}).",
            )
