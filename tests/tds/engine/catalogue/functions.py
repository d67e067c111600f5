"""Functions of the catalogue that give rows: what a query would give, and what statistics know of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.contract import SqlError, Variant
from tds.engine.catalogue.objects import described, tables
from tds.engine.catalogue.types import USER_IDS, written
from tds.engine.values.ordering import key_of


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tds.contract import Column


DESCRIBED = (
    "is_hidden bit not null, column_ordinal int not null, name sysname, is_nullable bit not null, "
    "system_type_id int not null, system_type_name nvarchar(256), max_length smallint not null, "
    "precision tinyint not null, scale tinyint not null, collation_name sysname, user_type_id int, "
    "user_type_database sysname, user_type_schema sysname, user_type_name sysname, "
    "assembly_qualified_type_name nvarchar(4000), xml_collection_id int, xml_collection_database sysname, "
    "xml_collection_schema sysname, xml_collection_name sysname, is_xml_document bit not null, "
    "is_case_sensitive bit not null, is_fixed_length_clr_type bit not null, source_server sysname, "
    "source_database sysname, source_schema sysname, source_table sysname, source_column sysname, "
    "is_identity_column bit, is_part_of_unique_key bit, is_updateable bit, is_computed_column bit, "
    "is_sparse_column_set bit, ordinal_in_order_by_list smallint, order_by_is_descending smallint, "
    "order_by_list_length smallint"
)
_ERRORS = (
    ", error_number int, error_severity int, error_state int, error_message nvarchar(4000), error_type int, "
    "error_type_desc nvarchar(60)"
)


def described_rows(columns: tuple[Column, ...]) -> Iterator[tuple[Any, ...]]:
    """Describe the columns of a result as sp_describe_first_result_set does."""
    for place, column in enumerate(columns, 1):
        type_ = column.type
        system, user, length, precision, scale, collation = described(type_)
        clr = type_.name in USER_IDS
        name = (None, "sys", type_.name) if clr else (None, None, None)
        case = collation is not None and ("_CS" in collation or "_BIN" in collation)
        yield (
            False, place, column.name or None, column.nullable, system, written(type_), length, precision, scale,
            collation, user if clr else None, *name, None, None, None, None, None, False, case, False, None, None, None,
            None, None, column.identity, False, not column.computed, column.computed, False, None, None, None,
        )  # fmt: skip


def _describe(context: Any, sql: str, parameters: str | None = None, _browse: Any = None) -> Iterator[tuple[Any, ...]]:
    nothing = (None,) * 6
    try:
        columns = context.server.describe_text(context, sql, parameters)
    except SqlError as error:
        yield (False, 0, None, False, 0, None, 0, 0, 0, *((None,) * 10), False, False, False, *((None,) * 13),
               error.number, error.severity, error.state, error.message, 1, "MISC")  # fmt: skip
        return
    for row in described_rows(columns):
        yield row + nothing


def _histogram(context: Any, object_id: int, stats_id: int) -> Iterator[tuple[Any, ...]]:
    """Give the steps of a statistic, each with an equal share of the rows that were there when it was asked for."""
    table = next((one for one in tables(context.database) if one.id == object_id), None)
    if table is None:
        return
    places = [key.columns[0][0] for key in table.keys if key.index_id == stats_id]
    places += [columns[0] for number, _, columns in table.statistics if number == stats_id]
    if not places:
        return
    context.check("SELECT", table)
    version = context.database.moment.versions[table.id]
    type_ = version.columns[places[0]].type
    values = sorted((row[places[0]] for row in version.rows() if row[places[0]] is not None), key=key_of(type_))
    yield from _steps(object_id, stats_id, type_, values)


def _steps(object_id: int, stats_id: int, type_: Any, values: list[Any]) -> Iterator[tuple[Any, ...]]:
    size = max(len(values) // 199, 1)
    before = 0
    for step, at in enumerate(sorted({*range(0, len(values), size), len(values) - 1} if values else ()), 1):
        equal = float(sum(1 for value in values[before : at + 1] if value == values[at]))
        inside = float(at + 1 - before) - equal
        yield object_id, stats_id, step, Variant(type_, values[at]), inside, equal, int(inside), 1.0
        before = at + 1


def _properties(context: Any, object_id: int, stats_id: int) -> Iterator[tuple[Any, ...]]:
    table = next((one for one in tables(context.database) if one.id == object_id), None)
    if table is not None:
        rows = len(context.database.moment.versions[table.id])
        yield object_id, stats_id, table.created, rows, rows, 200, rows, 0


def _permissions(context: Any, name: str | None, kind: str) -> Iterator[tuple[Any, ...]]:
    from tds.engine.expressions.functions.system import object_of

    found = object_of(context, name) if kind.upper() == "OBJECT" else None
    for verb in ("SELECT", "INSERT", "UPDATE", "DELETE", "VIEW CHANGE TRACKING", "VIEW DATABASE STATE"):
        if context.may(verb, None if found is None else found.id):
            yield name or "database", "", verb


FUNCTIONS = {
    "sys.dm_exec_describe_first_result_set": (DESCRIBED + _ERRORS, _describe),
    "sys.dm_db_stats_histogram": (
        (
            "object_id int not null, stats_id int not null, step_number int not null, range_high_key sql_variant, "
            "range_rows real, equal_rows real, distinct_range_rows bigint, average_range_rows real"
        ),
        _histogram,
    ),
    "sys.dm_db_stats_properties": (
        (
            "object_id int not null, stats_id int not null, last_updated datetime2(7), rows bigint, "
            "rows_sampled bigint, "
            "steps int, unfiltered_rows bigint, modification_counter bigint"
        ),
        _properties,
    ),
    "sys.fn_my_permissions": (
        "entity_name sysname, subentity_name sysname, permission_name nvarchar(60)",
        _permissions,
    ),
}
