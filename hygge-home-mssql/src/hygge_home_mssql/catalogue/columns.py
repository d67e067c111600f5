"""The columns of a table from ``sys.columns``, and those of a query as the server describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hygge_core import HomeError
from hygge_core.sql import Statement, select
from hygge_home_mssql.dialect import MSSQL
from hygge_home_mssql.types import MAX, Column, typed


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygge_home_mssql.catalogue.asking import Asks


_COLUMNS = """\
SELECT c.name, COALESCE(b.name, u.name) AS type_name, c.max_length, c.precision, c.scale, c.is_nullable,
       c.collation_name, c.is_computed, c.is_identity, c.column_id
FROM {sys}.columns AS c
JOIN {sys}.types AS u ON u.user_type_id = c.user_type_id
LEFT JOIN {sys}.types AS b ON b.user_type_id = c.system_type_id
WHERE c.object_id = OBJECT_ID(?)
ORDER BY c.column_id"""

_DESCRIBE = "EXEC sp_describe_first_result_set @tsql = ?"
_SAME = {"timestamp": "rowversion", "sysname": "nvarchar", "numeric": "decimal"}
_TWO_BYTES = ("nchar", "nvarchar")
_OF_TABLE = 3
"""Parts of a table's name with its database; a fourth names another server."""


def columns_of_table(asks: Asks, parts: Sequence[str]) -> tuple[Column, ...]:
    """Ask the catalogue; empty for what has no columns there, which may be a synonym or nothing at all."""
    name = ".".join(map(MSSQL.quote, parts))
    if len(parts) > _OF_TABLE:
        raise HomeError(
            "is on a linked server, whose catalogue is out of reach",
            where=asks.where,
            fix=f"read {name} by a query",
        )
    sys = ".".join((*map(MSSQL.quote, parts[:-2]), "sys")) if len(parts) == _OF_TABLE else "sys"
    found = asks.rows(Statement(_COLUMNS.format(sys=sys), (name,)))
    return tuple(_column(row) for row in found)


def columns_of_query(asks: Asks, source: str) -> tuple[Column, ...]:
    """Have the server describe what ``SELECT *`` of a source would give, without running it. Raises `HomeError`."""
    text = select(MSSQL, ["*"], source).text
    try:
        found = asks.records(Statement(_DESCRIBE, (text,)))
    except HomeError as error:
        error.fix = error.fix or "mend the query; each of its columns needs a name of its own, given with AS"
        raise
    return tuple(_described(row) for row in found if not row["is_hidden"])


def _described(row: Mapping[str, Any]) -> Column:
    return typed(
        row["name"] or "",
        row["system_type_name"] or row["user_type_name"] or "",
        nullable=bool(row["is_nullable"]),
        collation=row["collation_name"] or "",
        computed=bool(row["is_computed_column"]),
        identity=bool(row["is_identity_column"]),
        position=row["column_ordinal"],
    )


def _column(row: Sequence[Any]) -> Column:
    name, kind, length, precision, scale, nullable, collation, computed, identity, position = row
    kind = _SAME.get(kind, kind)
    return Column(
        name=name,
        type=kind,
        length=length // 2 if kind in _TWO_BYTES and length != MAX else length,
        precision=precision,
        scale=scale,
        nullable=bool(nullable),
        collation=collation or "",
        computed=bool(computed),
        identity=bool(identity),
        position=position,
    )
