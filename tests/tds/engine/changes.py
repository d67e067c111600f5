"""Change Tracking: CHANGETABLE(CHANGES ...), made of what the commits of a table left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.contract import Column, SqlError, SqlType
from tds.engine.expressions.compiling import compiled
from tds.engine.queries.plan import Plan
from tds.engine.storage.tables import Table


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tds.engine.expressions.compiled import Row
    from tds.engine.expressions.scope import Scope
    from tds.engine.syntax import tree


_BIGINT = SqlType("bigint")
_COLUMNS = (
    Column("SYS_CHANGE_VERSION", _BIGINT),
    Column("SYS_CHANGE_CREATION_VERSION", _BIGINT),
    Column("SYS_CHANGE_OPERATION", SqlType("nchar", length=1)),
    Column("SYS_CHANGE_COLUMNS", SqlType("varbinary", length=4100)),
    Column("SYS_CHANGE_CONTEXT", SqlType("varbinary", length=128)),
)


def plan(source: tree.Changes, scope: Scope) -> Plan:
    """Plan the changes of a table since a version. Raises `SqlError` 22105 for a table that is not tracked."""
    context = scope.context
    context.demand("change_tracking")
    table = context.find(source.table)
    if not isinstance(table, Table):
        raise SqlError(208, f"Invalid object name '{'.'.join(source.table)}'.")
    if table.tracking is None:
        raise SqlError(22105, f"Change tracking is not enabled on table '{table.schema}.{table.name}'.")
    for verb in ("SELECT", "VIEW CHANGE TRACKING"):
        context.check(verb, table)
    since = compiled(source.since, scope).value()
    if since is not None and (not isinstance(since, int) or since < 0):
        raise SqlError(22114, "Change tracking version must be a number from 0.")
    moment = context.transaction.moment()
    version = context.transaction.version(table)
    primary = next(key for key in table.keys if key.primary)
    keys = tuple(
        Column(version.columns[at].name, version.columns[at].type, nullable=False) for at, _ in primary.columns
    )
    log = [one for one in table.tracking.log if one[0] <= moment.changes]
    return Plan(_COLUMNS + keys, lambda: _net(log, since))


def _net(log: list[tuple[int, str, tuple[Any, ...]]], since: int | None) -> Iterator[Row]:
    """Yield the last state of each key that changed: inserted when it was made since then, else updated or deleted."""
    last: dict[tuple[Any, ...], tuple[int, int | None, str]] = {}
    for version, operation, key in log:
        _, created, _ = last.get(key, (0, None, ""))
        last[key] = (version, version if operation == "I" else created, operation)
    floor = -1 if since is None else since
    for key, (version, created, operation) in last.items():
        if version > floor:
            new = created is not None and created > floor
            shown = "D" if operation == "D" else "I" if new else "U"
            yield (version, created if shown != "D" and new else None, shown, None, None, *key)
