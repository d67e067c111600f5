"""CREATE, ALTER and DROP; each leaves behind how to undo it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from attrs import evolve

from tds.contract import Column, SqlError, SqlType
from tds.engine.expressions.compiling import compiled
from tds.engine.expressions.functions.dates import now
from tds.engine.expressions.scope import Field, Scope
from tds.engine.queries.planning import planned
from tds.engine.queries.sources import demand_names
from tds.engine.storage.keys import fill
from tds.engine.storage.tables import Key, Table, TableColumn, View
from tds.engine.storage.versions import Version
from tds.engine.values.collations import check_collation
from tds.engine.values.families import family
from tds.engine.values.times import to_datetime


if TYPE_CHECKING:
    from tds.engine.context import Context
    from tds.engine.syntax import statements as made


def create_table(node: made.CreateTable, context: Context) -> None:
    """Run CREATE TABLE."""
    database, schema, name = context.place(node.parts)
    columns = computed_types(columns_of(node.columns, context, 1), context)
    for key in node.keys:
        columns = _not_null(columns, key)
    identities = [one.identity for one in columns if one.identity is not None]
    seed = identities[0][0] if identities else None
    table = Table(id=database.next_object(), schema=schema, name=name, created=to_datetime(now()), next_identity=seed)
    database.add(table, Version(columns))
    context.transaction.undo.append(lambda: database.remove(table))
    for key in sorted(node.keys, key=lambda key: not key.primary):
        add_key(table, key, context)


def _not_null(columns: tuple[TableColumn, ...], key: made.KeyDefinition) -> tuple[TableColumn, ...]:
    """The columns of a primary key are never NULL, whether or not their definition says so."""
    names = {name.lower() for name, _ in key.columns} if key.primary else set()
    return tuple(evolve(one, nullable=False) if one.name.lower() in names else one for one in columns)


def columns_of(nodes: tuple[made.ColumnDefinition, ...], context: Context, first: int) -> tuple[TableColumn, ...]:
    """Make columns of their definitions, numbered from ``first``; `computed_types` is still to come."""
    plain = [_column(node, context, number) for number, node in enumerate(nodes, first)]
    names = [one.name.lower() for one in plain]
    for name in names:
        if names.count(name) > 1:
            raise SqlError(
                2705,
                f"Column names in each table must be unique. Column name '{name}' in table is specified "
                "more than once.",
                state=3,
            )
    if sum(one.identity is not None for one in plain) > 1:
        raise SqlError(
            2744, "Multiple identity columns specified for table. Only one identity column per table is allowed."
        )
    if sum(one.type.name == "timestamp" for one in plain) > 1:
        raise SqlError(2738, "A table can only have one timestamp column.")
    return tuple(plain)


def _column(node: made.ColumnDefinition, context: Context, number: int) -> TableColumn:
    type_ = node.type or SqlType("int")
    if type_.collation is not None:
        check_collation(type_.collation)
    elif family(type_) == "text":
        type_ = evolve(type_, collation=context.database.collation)
    nullable = node.nullable if node.nullable is not None else node.identity is None and type_.name != "timestamp"
    return TableColumn(
        id=number, name=node.name, type=type_, nullable=nullable, identity=node.identity, computed=node.computed,
        text=node.text, persisted=node.persisted, sparse=node.sparse, default=node.default,
    )  # fmt: skip


def computed_types(columns: tuple[TableColumn, ...], context: Context) -> tuple[TableColumn, ...]:
    """Give computed columns the type of what they compute."""
    fields = tuple(
        Field((), Column(one.name, one.type, nullable=one.nullable)) for one in columns if one.computed is None
    )
    scope = Scope(context=context, fields=fields)
    found = []
    for one in columns:
        if one.computed is not None:
            value = compiled(one.computed, scope)
            type_ = value.type
            if family(type_) == "text" and type_.collation is None:
                type_ = evolve(type_, collation=context.database.collation)
            one = evolve(one, type=type_, nullable=one.nullable and value.nullable)  # noqa: PLW2901 - the same column
        found.append(one)
    return tuple(found)


def add_key(table: Table, node: made.KeyDefinition, context: Context) -> None:
    """Add a key or an index to a table, filled with its rows."""
    version = context.transaction.version(table)
    names = [one.name.lower() for one in version.columns]
    if node.primary and any(key.primary for key in table.keys):
        raise SqlError(1779, f"Table '{table.name}' already has a primary key defined on it.")
    if any(key.name.lower() == (node.name or "").lower() for key in table.keys):
        raise SqlError(
            1913,
            f"The operation failed because an index or statistics with name '{node.name}' already exists "
            f"on table '{table.name}'.",
        )
    places = tuple((_place(names, name), descending) for name, descending in node.columns)
    free = not any(key.clustered for key in table.keys)
    clustered = free and (node.clustered if node.clustered is not None else node.primary)
    key = Key(
        id=context.database.next_object() if node.constraint else 0,
        index_id=1 if clustered else table.next_index_id(),
        name=node.name or f"{'PK' if node.primary else 'UQ'}__{table.name[:9]}__{context.database.next_object():016X}",
        columns=places, primary=node.primary, unique=node.unique, constraint=node.constraint, clustered=clustered,
        included=tuple(_place(names, name) for name in node.included), filtered=node.filtered,
    )  # fmt: skip
    fill(table, key, version)
    table.keys.append(key)
    context.transaction.undo.append(lambda: table.keys.remove(key))


def _place(names: list[str], name: str) -> int:
    if name.lower() not in names:
        raise SqlError(1911, f"Column name '{name}' does not exist in the target table or view.")
    return names.index(name.lower())


def create_index(node: made.CreateIndex, context: Context) -> None:
    """Run CREATE INDEX."""
    add_key(context.table(node.table, "ALTER"), node.key, context)


def create_statistics(node: made.CreateStatistics, context: Context) -> None:
    """Run CREATE STATISTICS."""
    table = context.table(node.table, "ALTER")
    names = [one.name.lower() for one in context.transaction.version(table).columns]
    table.statistics.append((table.next_index_id(), node.name, tuple(_place(names, name) for name in node.columns)))


def create_view(node: made.CreateView, context: Context) -> None:
    """Run CREATE VIEW; its query must be one that can be planned now."""
    database, schema, name = context.place(node.parts)
    if node.query.order and not (hasattr(node.query.body, "top") and node.query.body.top is not None):
        raise SqlError(
            1033,
            "The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and "
            "common table expressions, unless TOP, OFFSET or FOR XML is also specified.",
            severity=15,
        )
    demand_names(planned(node.query, context, None), name, node.columns)
    view = View(
        id=database.next_object(),
        schema=schema,
        name=name,
        created=to_datetime(now()),
        columns=node.columns,
        query=node.query,
    )
    database.add(view)
    context.transaction.undo.append(lambda: database.remove(view))


def create_schema(node: made.CreateSchema, context: Context) -> None:
    """Run CREATE SCHEMA."""
    schemas = context.database.schemas
    if node.name.lower() in schemas:
        raise SqlError(2714, f"There is already an object named '{node.name}' in the database.", state=6)
    schemas[node.name.lower()] = (max(number for number, _ in schemas.values()) + 1, node.name)
    context.transaction.undo.append(lambda: schemas.pop(node.name.lower(), None))


def drop(node: made.Drop, context: Context) -> None:
    """Run DROP."""
    for parts in node.names:
        {"TABLE": _drop_object, "VIEW": _drop_object, "SCHEMA": _drop_schema, "INDEX": _drop_index,
         "STATISTICS": _drop_statistics}[node.kind](node, parts, context)  # fmt: skip


def _drop_object(node: made.Drop, parts: tuple[str, ...], context: Context) -> None:
    database, _, _ = context.place(parts)
    found = context.find(parts)
    if found is None or isinstance(found, View) != (node.kind == "VIEW"):
        if node.if_exists and found is None:
            return
        raise SqlError(
            3701,
            f"Cannot drop the {node.kind.lower()} '{'.'.join(parts)}', because it does not exist or you "
            "do not have permission.",
            state=5,
        )
    version = database.moment.versions.get(found.id)
    database.remove(found)
    context.transaction.undo.append(lambda: database.add(found, version))


def _drop_schema(node: made.Drop, parts: tuple[str, ...], context: Context) -> None:
    name = parts[-1].lower()
    if name not in context.database.schemas:
        if not node.if_exists:
            raise SqlError(
                15151, f"Cannot drop the schema '{parts[-1]}', because it does not exist or you do not have permission."
            )
        return
    if any(schema == name for schema, _ in context.database.objects):
        raise SqlError(3729, f"Cannot drop schema '{parts[-1]}' because it is being referenced by another object.")
    del context.database.schemas[name]


def _drop_index(node: made.Drop, parts: tuple[str, ...], context: Context) -> None:
    owner, name = (node.on, parts[-1]) if node.on is not None else (parts[:-1], parts[-1])
    table = context.table(owner, "ALTER")
    drop_key(table, name, context, if_exists=node.if_exists)


def drop_key(table: Table, name: str, context: Context, *, if_exists: bool = False) -> None:
    """Drop a key or index of a table."""
    for key in table.keys:
        if key.name.lower() == name.lower():
            table.keys.remove(key)
            context.transaction.undo.append(partial(table.keys.append, key))
            return
    if not if_exists:
        raise SqlError(
            3701,
            f"Cannot drop the index '{table.name}.{name}', because it does not exist or you do not have permission.",
        )


def _drop_statistics(_node: made.Drop, parts: tuple[str, ...], context: Context) -> None:
    table = context.table(parts[:-1], "ALTER")
    table.statistics = [one for one in table.statistics if one[1].lower() != parts[-1].lower()]
