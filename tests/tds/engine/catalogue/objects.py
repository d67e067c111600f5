"""sys.objects, sys.tables, sys.views, sys.schemas, sys.columns, sys.types and their relatives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.contract import SqlType
from tds.engine.catalogue.types import NAMES, SYSTEM, USER_IDS, collation, measures, user_type_id
from tds.engine.storage.tables import Table, View


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tds.engine.storage.database import Database

_OBJECT = (
    "name sysname not null, object_id int not null, schema_id int not null, parent_object_id int not null, "
    "type char(2), type_desc nvarchar(60), create_date datetime not null, modify_date datetime not null, "
    "is_ms_shipped bit not null"
)
_TABLE = (
    f"{_OBJECT}, lock_escalation_desc nvarchar(60), is_memory_optimized bit, temporal_type tinyint, "
    "temporal_type_desc nvarchar(60), is_external bit not null, is_filetable bit, history_table_id int"
)
_COLUMN = (
    "object_id int not null, name sysname, column_id int not null, system_type_id tinyint not null, "
    "user_type_id int not null, max_length smallint not null, precision tinyint not null, scale tinyint not null, "
    "collation_name sysname, is_nullable bit, is_rowguidcol bit not null, is_identity bit not null, "
    "is_computed bit not null, is_sparse bit, is_column_set bit, is_hidden bit, generated_always_type tinyint, "
    "default_object_id int not null, is_masked bit not null, encryption_type int"
)
_TYPE = (
    "name sysname not null, system_type_id tinyint not null, user_type_id int not null, schema_id int not null, "
    "max_length smallint not null, precision tinyint not null, scale tinyint not null, collation_name sysname, "
    "is_nullable bit, is_user_defined bit not null, is_assembly_type bit not null"
)


def tables(database: Database) -> list[Table]:
    """Return the tables of a database."""
    return [one for one in database.objects.values() if isinstance(one, Table)]


def _schema_id(database: Database, found: Table | View) -> int:
    return database.schemas[found.schema.lower()][0]


def _objects(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for found in list(database.objects.values()):
        kind = ("U ", "USER_TABLE") if isinstance(found, Table) else ("V ", "VIEW")
        yield found.name, found.id, _schema_id(database, found), 0, *kind, found.created, found.created, False


def _tables(context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for row in _objects(context, database):
        if row[4] == "U ":
            yield *row, "TABLE", False, 0, "NON_TEMPORAL_TABLE", False, False, None


def _views(context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    return (row for row in _objects(context, database) if row[4] == "V ")


def _schemas(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    return ((name, number, 1) for number, name in database.schemas.values())


def _columns(context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for found in list(database.objects.values()):
        if isinstance(found, View):
            yield from _view_columns(context, found)
            continue
        for column in database.moment.versions[found.id].columns:
            yield (
                found.id, column.name, column.id, *described(column.type), column.nullable, False,
                column.identity is not None, column.computed is not None, column.sparse, False, False, 0,
                0 if column.default is None else found.id + column.id, False, None,
            )  # fmt: skip


def _view_columns(context: Any, found: View) -> Iterator[tuple[Any, ...]]:
    plan = context.within({}).plan(found.query)
    for place, column in enumerate(plan.columns, 1):
        name = found.columns[place - 1] if found.columns else column.name
        yield (found.id, name, place, *described(column.type), column.nullable, *(False,) * 6,
               0, 0, False, None)  # fmt: skip


def described(type_: SqlType) -> tuple[Any, ...]:
    """Return a type as the catalogue shows it, from system_type_id to collation_name."""
    return SYSTEM[type_.name][0], user_type_id(type_), *measures(type_), collation(type_)


def _types(_context: Any, _database: Database) -> Iterator[tuple[Any, ...]]:
    for number, name in NAMES.items():
        known = "nvarchar" if name == "sysname" else name
        length = 256 if name == "sysname" else SYSTEM[known][1]
        texts = collation(SqlType(known))
        yield (
            name,
            SYSTEM[known][0],
            number,
            4,
            length,
            *SYSTEM[known][2:],
            texts,
            True,
            False,
            name in USER_IDS and name != "sysname",
        )


def _computed(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for table in tables(database):
        for column in database.moment.versions[table.id].columns:
            if column.computed is not None:
                yield table.id, column.name, column.id, f"({column.text})", column.persisted


def _identities(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for table in tables(database):
        for column in database.moment.versions[table.id].columns:
            if column.identity is not None:
                yield table.id, column.name, column.id, *column.identity, table.last_identity


def _nothing(_context: Any, _database: Database) -> Iterator[tuple[Any, ...]]:
    return iter(())


VIEWS = {
    "sys.objects": (_OBJECT, _objects),
    "sys.all_objects": (_OBJECT, _objects),
    "sys.tables": (_TABLE, _tables),
    "sys.views": (_OBJECT, _views),
    "sys.all_views": (_OBJECT, _views),
    "sys.schemas": ("name sysname not null, schema_id int not null, principal_id int", _schemas),
    "sys.columns": (_COLUMN, _columns),
    "sys.all_columns": (_COLUMN, _columns),
    "sys.types": (_TYPE, _types),
    "sys.computed_columns": (
        (
            "object_id int not null, name sysname, column_id int not null, definition nvarchar(max), "
            "is_persisted bit not null"
        ),
        _computed,
    ),
    "sys.identity_columns": (
        (
            "object_id int not null, name sysname, column_id int not null, seed_value bigint, increment_value bigint, "
            "last_value bigint"
        ),
        _identities,
    ),
    "sys.foreign_keys": (_OBJECT, _nothing),
    "sys.synonyms": (_OBJECT, _nothing),
    "sys.extended_properties": (
        (
            "class tinyint not null, major_id int not null, minor_id int not null, name sysname not null, "
            "value sql_variant"
        ),
        _nothing,
    ),
}
