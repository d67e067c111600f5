"""INFORMATION_SCHEMA: tables, columns, keys, as the standard names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.engine.catalogue.objects import tables
from tds.engine.catalogue.types import collation, measures
from tds.engine.storage.tables import Table
from tds.engine.values.families import family


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tds.contract import SqlType
    from tds.engine.storage.database import Database


def _tables(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for found in list(database.objects.values()):
        yield database.name, found.schema, found.name, "BASE TABLE" if isinstance(found, Table) else "VIEW"


def _columns(context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for found in list(database.objects.values()):
        columns: Any
        if isinstance(found, Table):
            columns = database.moment.versions[found.id].columns
        else:
            columns = context.within({}).plan(found.query).columns
        for place, column in enumerate(columns, 1):
            yield (database.name, found.schema, found.name, column.name, place, "YES" if column.nullable else "NO",
                   *_measured(column.type))  # fmt: skip


def _measured(type_: SqlType) -> tuple[Any, ...]:
    _, precision, scale = measures(type_)
    kind = family(type_)
    length = type_.length if kind in {"text", "binary"} else None
    numbers = (
        (precision, scale) if kind in {"integer", "decimal"} else (precision, None) if kind == "float" else (None, None)
    )
    moments = scale if kind in {"date", "time", "datetime", "instant"} else None
    return type_.name, length, *numbers, moments, collation(type_)


def _key_columns(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for table in tables(database):
        columns = database.moment.versions[table.id].columns
        for key in table.keys:
            for place, (at, _) in enumerate(key.columns if key.constraint else (), 1):
                yield (
                    database.name,
                    table.schema,
                    key.name,
                    database.name,
                    table.schema,
                    table.name,
                    columns[at].name,
                    place,
                )


def _constraints(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for table in tables(database):
        for key in table.keys:
            if key.constraint:
                kind = "PRIMARY KEY" if key.primary else "UNIQUE"
                yield database.name, table.schema, key.name, database.name, table.schema, table.name, kind


def _schemata(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    return ((database.name, name, "dbo") for _, name in database.schemas.values())


_OF_TABLE = "TABLE_CATALOG nvarchar(128), TABLE_SCHEMA nvarchar(128), TABLE_NAME sysname not null"
_OF_KEY = "CONSTRAINT_CATALOG nvarchar(128), CONSTRAINT_SCHEMA nvarchar(128), CONSTRAINT_NAME sysname not null"
VIEWS = {
    "information_schema.tables": (f"{_OF_TABLE}, TABLE_TYPE varchar(10)", _tables),
    "information_schema.columns": (
        (
            f"{_OF_TABLE}, COLUMN_NAME sysname, ORDINAL_POSITION int, IS_NULLABLE varchar(3), DATA_TYPE nvarchar(128), "
            "CHARACTER_MAXIMUM_LENGTH int, NUMERIC_PRECISION tinyint, NUMERIC_SCALE int, DATETIME_PRECISION smallint, "
            "COLLATION_NAME sysname"
        ),
        _columns,
    ),
    "information_schema.key_column_usage": (
        f"{_OF_KEY}, {_OF_TABLE}, COLUMN_NAME nvarchar(128), ORDINAL_POSITION int not null",
        _key_columns,
    ),
    "information_schema.table_constraints": (f"{_OF_KEY}, {_OF_TABLE}, CONSTRAINT_TYPE varchar(11)", _constraints),
    "information_schema.schemata": (
        "CATALOG_NAME nvarchar(128), SCHEMA_NAME nvarchar(128), SCHEMA_OWNER nvarchar(128)",
        _schemata,
    ),
}
