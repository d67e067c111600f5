"""Indexes, keys, statistics, partitions, and how many rows they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.engine.catalogue.objects import tables


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tds.engine.storage.database import Database
    from tds.engine.storage.tables import Key, Table


def _indexes(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for table in tables(database):
        if not any(key.clustered for key in table.keys):
            yield (table.id, None, 0, 0, "HEAP", False, 1, False, False, False, False, False, False, None)
        for key in table.keys:
            kind = (1, "CLUSTERED") if key.clustered else (2, "NONCLUSTERED")
            unique = key.constraint and not key.primary
            yield (table.id, key.name, key.index_id, *kind, key.unique, 1, False, key.primary, unique, False, False,
                   key.filtered, None)  # fmt: skip


def _index_columns(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for table in tables(database):
        columns = database.moment.versions[table.id].columns
        for key in table.keys:
            for place, (at, descending) in enumerate(key.columns, 1):
                yield table.id, key.index_id, place, columns[at].id, place, 0, descending, False
            for place, at in enumerate(key.included, len(key.columns) + 1):
                yield table.id, key.index_id, place, columns[at].id, 0, 0, False, True


def _constraints(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for table in tables(database):
        for key in table.keys:
            if key.constraint:
                kind = ("PK", "PRIMARY_KEY_CONSTRAINT") if key.primary else ("UQ", "UNIQUE_CONSTRAINT")
                schema = database.schemas[table.schema.lower()][0]
                yield key.name, key.id, schema, table.id, *kind, key.index_id, False


def _stores(table: Table) -> list[Key | None]:
    """Return what holds rows: the clustered index or the heap, and each index beside it."""
    clustered: list[Key | None] = [key for key in table.keys if key.clustered]
    return [*(clustered or [None]), *(key for key in table.keys if not key.clustered)]


def _partitions(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for table in tables(database):
        rows = len(database.moment.versions[table.id])
        for key in _stores(table):
            number = 0 if key is None else key.index_id
            yield table.id * 1000 + number, table.id, number, 1, table.id * 1000 + number, rows, 0, "NONE"


def _partition_stats(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for table in tables(database):
        rows = len(database.moment.versions[table.id])
        for key in _stores(table):
            number = 0 if key is None else key.index_id
            pages = rows // 100 + 1
            yield table.id * 1000 + number, table.id, number, 1, pages, pages, pages, rows


def _stats(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for table in tables(database):
        for key in table.keys:
            yield table.id, key.name, key.index_id, False, False, False, key.filtered
        for number, name, _ in table.statistics:
            yield table.id, name, number, False, True, False, False


def _stats_columns(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for table in tables(database):
        columns = database.moment.versions[table.id].columns
        for key in table.keys:
            yield from ((table.id, key.index_id, place, columns[at].id) for place, (at, _) in enumerate(key.columns, 1))
        for number, _, places in table.statistics:
            yield from ((table.id, number, place, columns[at].id) for place, at in enumerate(places, 1))


VIEWS = {
    "sys.indexes": (
        (
            "object_id int not null, name sysname, index_id int not null, type tinyint not null, "
            "type_desc nvarchar(60), "
            "is_unique bit, data_space_id int, ignore_dup_key bit, is_primary_key bit, is_unique_constraint bit, "
            "is_disabled bit, is_hypothetical bit, has_filter bit, filter_definition nvarchar(max)"
        ),
        _indexes,
    ),
    "sys.index_columns": (
        (
            "object_id int not null, index_id int not null, index_column_id int not null, column_id int not null, "
            "key_ordinal tinyint not null, partition_ordinal tinyint not null, is_descending_key bit, "
            "is_included_column bit"
        ),
        _index_columns,
    ),
    "sys.key_constraints": (
        (
            "name sysname not null, object_id int not null, schema_id int not null, parent_object_id int not null, "
            "type char(2), type_desc nvarchar(60), unique_index_id int, is_system_named bit not null"
        ),
        _constraints,
    ),
    "sys.partitions": (
        (
            "partition_id bigint not null, object_id int not null, index_id int not null, "
            "partition_number int not null, "
            "hobt_id bigint not null, rows bigint, data_compression tinyint, data_compression_desc nvarchar(60)"
        ),
        _partitions,
    ),
    "sys.dm_db_partition_stats": (
        (
            "partition_id bigint, object_id int not null, index_id int not null, partition_number int not null, "
            "in_row_data_page_count bigint, used_page_count bigint, reserved_page_count bigint, row_count bigint"
        ),
        _partition_stats,
    ),
    "sys.stats": (
        (
            "object_id int not null, name sysname, stats_id int not null, auto_created bit, user_created bit, "
            "no_recompute bit, has_filter bit"
        ),
        _stats,
    ),
    "sys.stats_columns": (
        "object_id int not null, stats_id int not null, stats_column_id int not null, column_id int not null",
        _stats_columns,
    ),
}
