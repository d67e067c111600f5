"""ALTER TABLE and ALTER DATABASE, sp_rename, and who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from tds.contract import SqlError
from tds.engine.defining import add_key, columns_of, computed_types, drop_key
from tds.engine.expressions.functions.system import object_of
from tds.engine.rowmaking import RowMaker
from tds.engine.storage.tables import Table, Tracking
from tds.engine.storage.versions import Changes, Version
from tds.engine.syntax.sources import name_parts
from tds.engine.syntax.tokens import Tokens
from tds.engine.values.casting import storing


if TYPE_CHECKING:
    from collections.abc import Callable

    from tds.engine.context import Context
    from tds.engine.expressions.compiled import Row
    from tds.engine.storage.tables import TableColumn
    from tds.engine.syntax import statements as made


def _rewrite(table: Table, columns: tuple[TableColumn, ...], change: Callable[[Row], Row], context: Context) -> None:
    """Give a table other columns, with every row changed to them."""
    database, transaction = context.database, context.transaction
    if any(table.id in other.changes for other in database.active if other is not transaction):
        raise SqlError(40000, "this server does not alter a table while other transactions write it")
    before = database.moment.versions[table.id]
    mine = transaction.of(table)
    changed = {number: change(row) for number, row in before.numbered()}
    mine.rows = {number: change(row) for number, row in mine.rows.items()}
    database.show(table.id, Version(columns).with_changes(Changes(rows=changed)))
    transaction.undo.append(lambda: database.show(table.id, before))


def add_to_table(node: made.AddToTable, context: Context) -> None:
    """Run ALTER TABLE ADD: new columns have their default in all rows when they may not be NULL."""
    table = context.table(node.table, "ALTER")
    version = context.transaction.version(table)
    names = {one.name.lower() for one in version.columns}
    for one in node.columns:
        if one.name.lower() in names:
            raise SqlError(
                2705,
                f"Column names in each table must be unique. Column name '{one.name}' in table "
                f"'{table.name}' is specified more than once.",
                state=4,
            )
    if node.columns:
        _add_columns(table, version, node, context)
    for key in node.keys:
        add_key(table, key, context)


def _add_columns(table: Table, version: Version, node: made.AddToTable, context: Context) -> None:
    first = max((one.id for one in version.columns), default=0) + 1
    columns = (*version.columns, *columns_of(node.columns, context, first))
    columns = computed_types(columns, context)
    seeds = [one.identity[0] for one in columns[len(version.columns) :] if one.identity is not None]
    table.next_identity = seeds[0] if seeds else table.next_identity
    maker = RowMaker.of(table, Version(columns), context)

    def grown(row: Row) -> Row:
        given = dict(enumerate(row))
        needed = {
            place for place in range(len(row), len(columns)) if columns[place].nullable and columns[place].default
        }
        return maker.new(given | dict.fromkeys(needed))

    _rewrite(table, columns, grown, context)


def drop_from_table(node: made.DropFromTable, context: Context) -> None:
    """Run ALTER TABLE DROP COLUMN or DROP CONSTRAINT."""
    table = context.table(node.table, "ALTER")
    for name in node.names:
        if node.kind == "CONSTRAINT":
            drop_key(table, name, context)
        else:
            _drop_column(table, name, context)


def _drop_column(table: Table, name: str, context: Context) -> None:
    version = context.transaction.version(table)
    place = RowMaker.of(table, version, context).place(name)
    for key in table.keys:
        if place in {at for at, _ in key.columns} or place in key.included:
            raise SqlError(5074, f"The index '{key.name}' is dependent on column '{name}'.")
    for key in table.keys:
        key.columns = tuple((at - (at > place), descending) for at, descending in key.columns)
        key.included = tuple(at - (at > place) for at in key.included)
    columns = version.columns[:place] + version.columns[place + 1 :]
    _rewrite(table, columns, lambda row: row[:place] + row[place + 1 :], context)


def alter_column(node: made.AlterColumn, context: Context) -> None:
    """Run ALTER TABLE ALTER COLUMN."""
    table = context.table(node.table, "ALTER")
    version = context.transaction.version(table)
    place = RowMaker.of(table, version, context).place(node.column.name)
    old = version.columns[place]
    (new,) = columns_of((node.column,), context, old.id)
    new = evolve(new, name=old.name, identity=old.identity, default=old.default)
    store = storing(old.type, new.type, old.name)
    columns = (*version.columns[:place], new, *version.columns[place + 1 :])

    def changed(row: Row) -> Row:
        value = row[place]
        if value is None and not new.nullable:
            raise SqlError(
                515,
                f"Cannot insert the value NULL into column '{old.name}', table '{table.name}'; column does "
                "not allow nulls. UPDATE fails.",
            )
        return (*row[:place], None if value is None else store(value), *row[place + 1 :])

    _rewrite(table, columns, changed, context)


def track_table(node: made.TrackTable, context: Context) -> None:
    """Run ALTER TABLE ENABLE or DISABLE CHANGE_TRACKING."""
    context.demand("change_tracking")
    table = context.table(node.table, "ALTER")
    if context.database.retention is None:
        raise SqlError(
            22106,
            "The CHANGETABLE function does not support remote data sources or change tracking is not "
            f"enabled for database '{context.database.name}'.",
        )
    if node.on and not any(key.primary for key in table.keys):
        raise SqlError(
            4997,
            f"Cannot enable change tracking on table '{table.name}'. Change tracking requires a primary "
            "key on the table.",
        )
    if node.on == (table.tracking is not None):
        number, word = (4996, "already") if node.on else (4998, "not")
        raise SqlError(number, f"Change tracking is {word} enabled for table '{table.name}'.")
    before = table.tracking
    begin = context.database.moment.changes
    table.tracking = Tracking(begin=begin, columns_updated=node.columns_updated) if node.on else None
    context.transaction.undo.append(lambda: setattr(table, "tracking", before))


def alter_database(node: made.AlterDatabase, context: Context) -> None:
    """Run ALTER DATABASE SET, for what this server keeps."""
    found = context.database if node.name is None else context.server.database(node.name)
    if found is None:
        raise SqlError(
            5011,
            f"User does not have permission to alter database '{node.name}', the database does not "
            "exist, or the database is not in a state that allows access checks.",
            severity=14,
        )
    if node.option == "ALLOW_SNAPSHOT_ISOLATION":
        context.demand("snapshot")
        found.snapshot = node.value
    elif node.option == "CHANGE_TRACKING":
        _track_database(node, found, context)
    elif node.option != "READ_COMMITTED_SNAPSHOT" or node.value != "ON":
        raise SqlError(40000, f"this server does not know ALTER DATABASE SET {node.option} {node.value}")


def _track_database(node: made.AlterDatabase, database: Any, context: Context) -> None:
    context.demand("change_tracking")
    details = dict(node.details)
    if node.value == "OFF":
        if any(isinstance(one, Table) and one.tracking is not None for one in database.objects.values()):
            raise SqlError(
                22115,
                f"Change tracking is enabled for one or more tables in database '{database.name}'. Disable "
                "change tracking on each table before disabling it for the database.",
            )
        database.retention = None
        return
    if database.retention is not None and not details:
        raise SqlError(5088, f"Change tracking is already enabled for database '{database.name}'.")
    database.retention = details.get("CHANGE_RETENTION", database.retention or "2 DAYS")
    database.cleans_up = details.get("AUTO_CLEANUP", "ON") == "ON"


def rename(context: Context, old: str, new: str, kind: str | None) -> None:
    """Run sp_rename for a table or a column."""
    parts = name_parts(Tokens.of(old))
    if (kind or "OBJECT").upper() == "COLUMN":
        table = context.table(parts[:-1], "ALTER")
        version = context.transaction.version(table)
        place = RowMaker.of(table, version, context).place(parts[-1])
        columns = (*version.columns[:place], evolve(version.columns[place], name=new), *version.columns[place + 1 :])
        _rewrite(table, columns, lambda row: row, context)
        return
    found = object_of(context, old)
    if not isinstance(found, Table) or kind not in {None, "OBJECT"}:
        raise SqlError(15225, f"No item by the name of '{old}' could be found in the current database.")
    database = context.database
    if database.find(found.schema, new) is not None:
        raise SqlError(
            15335, f"Error: The new name '{new}' is already in use as a object name and would cause a duplicate."
        )
    del database.objects[(found.schema.lower(), found.name.lower())]
    found.name = new
    database.objects[(found.schema.lower(), new.lower())] = found


def permit(node: made.Permit, context: Context) -> None:
    """Run GRANT, DENY and REVOKE. Everything is granted to everybody, so only DENY and its end mean something here."""
    number = None
    if node.on is not None:
        found = context.find(node.on)
        if found is None:
            raise SqlError(
                15151,
                f"Cannot find the object '{'.'.join(node.on)}', because it does not exist or you do not "
                "have permission.",
            )
        number = found.id
    for permission in node.permissions:
        entry = (node.to.lower(), permission, number)
        if node.verb == "DENY":
            context.database.denied.add(entry)
        else:
            context.database.denied.discard(entry)
