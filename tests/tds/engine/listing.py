"""sp_tables, sp_columns and sp_pkeys, by which ODBC drivers list what there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tds.engine.catalogue.types import measures
from tds.engine.storage.tables import Table
from tds.engine.values.families import family


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tds.engine.context import Context

_TABLES = (
    "TABLE_QUALIFIER sysname, TABLE_OWNER sysname, TABLE_NAME sysname, TABLE_TYPE varchar(32), REMARKS varchar(254)"
)
_COLUMNS = (
    "TABLE_QUALIFIER sysname, TABLE_OWNER sysname, TABLE_NAME sysname not null, COLUMN_NAME sysname, "
    "DATA_TYPE smallint not null, TYPE_NAME sysname not null, PRECISION int, LENGTH int, "
    "SCALE smallint, RADIX smallint, "
    "NULLABLE smallint not null, REMARKS varchar(254), COLUMN_DEF nvarchar(4000), SQL_DATA_TYPE smallint not null, "
    "SQL_DATETIME_SUB smallint, CHAR_OCTET_LENGTH int, ORDINAL_POSITION int not null, IS_NULLABLE varchar(254), "
    "SS_IS_SPARSE smallint, SS_IS_COLUMN_SET smallint, SS_IS_COMPUTED smallint, SS_IS_IDENTITY smallint"
)
_KEYS = (
    "TABLE_QUALIFIER sysname, TABLE_OWNER sysname, TABLE_NAME sysname not null, COLUMN_NAME sysname not null, "
    "KEY_SEQ smallint not null, PK_NAME sysname"
)
_ODBC = {
    "bit": -7, "tinyint": -6, "smallint": 5, "int": 4, "bigint": -5, "real": 7, "float": 8, "decimal": 3, "numeric": 2,
    "money": 3, "smallmoney": 3, "char": 1, "varchar": 12, "text": -1, "nchar": -8, "nvarchar": -9, "ntext": -10,
    "binary": -2, "varbinary": -3, "image": -4, "timestamp": -2, "uniqueidentifier": -11, "date": 91, "time": -154,
    "datetime": 93, "smalldatetime": 93, "datetime2": 93, "datetimeoffset": -155, "xml": -152, "sql_variant": -150,
    "hierarchyid": -151, "geometry": -151, "geography": -151,
}  # fmt: skip


def _like(pattern: str | None) -> re.Pattern[str]:
    signs = {"%": ".*", "_": "."}
    text = "%" if pattern is None else pattern
    return re.compile("".join(signs.get(sign, re.escape(sign)) for sign in text), re.IGNORECASE)


def _wanted(context: Context, given: dict[str, Any]) -> Iterator[Any]:
    name, owner = _like(given.get("@table_name")), _like(given.get("@table_owner"))
    for found in sorted(context.database.objects.values(), key=lambda one: (one.schema, one.name)):
        if name.fullmatch(found.name) and owner.fullmatch(found.schema):
            yield found


def list_tables(context: Context, given: dict[str, Any]) -> tuple[str, list[Any]]:
    """List tables and views."""
    kinds = (given.get("@table_type") or "'TABLE','VIEW'").upper()
    rows = []
    for found in _wanted(context, given):
        kind = "TABLE" if isinstance(found, Table) else "VIEW"
        if f"'{kind}'" in kinds or kinds == kind:
            rows.append((context.database.name, found.schema, found.name, kind, None))
    return _TABLES, rows


def list_columns(context: Context, given: dict[str, Any]) -> tuple[str, list[Any]]:
    """List columns as ODBC describes them."""
    wanted = _like(given.get("@column_name"))
    rows: list[Any] = []
    for found in _wanted(context, given):
        if isinstance(found, Table):
            columns = context.database.moment.versions[found.id].columns
            rows.extend(
                (context.database.name, found.schema, found.name, *_described(column, place))
                for place, column in enumerate(columns, 1)
                if wanted.fullmatch(column.name)
            )
    return _COLUMNS, rows


def _described(column: Any, place: int) -> tuple[Any, ...]:
    type_ = column.type
    length, precision, scale = measures(type_)
    kind, odbc = family(type_), _ODBC[type_.name]
    texts = kind in {"text", "binary"}
    shown = (type_.length if type_.length and type_.length > 0 else 0) if texts else precision
    name = f"{type_.name} identity" if column.identity is not None else type_.name
    return (
        column.name, odbc, name, shown, length, None if texts else scale,
        10 if kind in {"integer", "decimal"} else None,
        int(column.nullable), None, None, odbc, None, length if texts else None, place,
        "YES" if column.nullable else "NO", int(column.sparse), 0, int(column.computed is not None),
        int(column.identity is not None),
    )  # fmt: skip


def list_keys(context: Context, given: dict[str, Any]) -> tuple[str, list[Any]]:
    """List the columns of primary keys."""
    rows = []
    for found in _wanted(context, given):
        for key in found.keys if isinstance(found, Table) else ():
            columns = context.database.moment.versions[found.id].columns
            for place, (at, _) in enumerate(key.columns if key.primary else (), 1):
                rows.append((context.database.name, found.schema, found.name, columns[at].name, place, key.name))
    return _KEYS, rows
