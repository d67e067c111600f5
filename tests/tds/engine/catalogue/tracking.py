"""sys.change_tracking_databases and sys.change_tracking_tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.engine.catalogue.objects import tables


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tds.engine.storage.database import Database


def _databases(context: Any, _database: Database) -> Iterator[tuple[Any, ...]]:
    for one in context.server.all_databases():
        if one.retention is not None:
            number, _, unit = one.retention.partition(" ")
            kind = {"MINUTES": 1, "HOURS": 2, "DAYS": 3}[unit]
            yield one.id, one.cleans_up, int(number), kind, unit


def _tables(_context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    for table in tables(database):
        if table.tracking is not None:
            yield (
                table.id,
                table.tracking.columns_updated,
                table.tracking.begin,
                table.tracking.begin,
                table.tracking.begin,
            )


VIEWS = {
    "sys.change_tracking_databases": (
        (
            "database_id int not null, is_auto_cleanup_on bit, retention_period int, retention_period_units tinyint, "
            "retention_period_units_desc nvarchar(60)"
        ),
        _databases,
    ),
    "sys.change_tracking_tables": (
        (
            "object_id int not null, is_track_columns_updated_on bit, min_valid_version bigint, begin_version bigint, "
            "cleanup_version bigint"
        ),
        _tables,
    ),
}
