"""Unique keys: who holds which value."""

from __future__ import annotations

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


def claim(transaction: Transaction, table: Table, columns: tuple[TableColumn, ...], row: int, values: Row) -> None:
    """Take the keys of a row for it. Raises `SqlError` 2627 or 2601 when another row has one of them."""
    for key in table.keys:
        if key.unique:
            _claim(transaction, table, key, row, key_value(columns, key, values), values)


def _claim(transaction: Transaction, table: Table, key: Key, row: int, value: Any, values: Row) -> None:
    while True:
        with transaction.database.lock:
            holder = key.entries.get(value)
            owner = None if holder is None else table.locks.get(holder)
            if (
                holder is None
                or holder == row
                or (owner is transaction and not _has(transaction, table, key, holder, value))
            ):
                key.entries[value] = row
                transaction.undo.append(lambda: _restore(key, value, holder))
                return
        if owner is None or owner is transaction:
            raise duplicate(table, key, tuple(values[at] for at, _ in key.columns))
        transaction.wait_for(owner)


def _has(transaction: Transaction, table: Table, key: Key, row: int, value: Any) -> bool:
    """Say whether a row that the transaction itself changed still has a key."""
    version = transaction.database.moment.versions[table.id].with_changes(transaction.of(table))
    found = version.get(row)
    return found is not None and key_value(version.columns, key, found) == value


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
        return SqlError(2627, f"Violation of {kind} constraint '{key.name}'. Cannot insert duplicate key in object "
                        f"'{table.schema}.{table.name}'. The duplicate key value is ({shown}).", severity=14)  # fmt: skip
    return SqlError(2601, f"Cannot insert duplicate key row in object '{table.schema}.{table.name}' with unique index "
                    f"'{key.name}'. The duplicate key value is ({shown}).", severity=14)  # fmt: skip


def fill(table: Table, key: Key, version: Version) -> None:
    """Enter all rows of a table into a new key. Raises `SqlError` 1505 when two have the same value."""
    if not key.unique:
        return
    for row, values in version.numbered():
        value = key_value(version.columns, key, values)
        if key.entries.setdefault(value, row) != row:
            shown = ", ".join(str(values[at]) for at, _ in key.columns)
            raise SqlError(1505, "The CREATE UNIQUE INDEX statement terminated because a duplicate key was found for "
                           f"the object name '{table.schema}.{table.name}' and the index name '{key.name}'. The "
                           f"duplicate key value is ({shown}).")  # fmt: skip
