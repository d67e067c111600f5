"""sys.databases, and who is connected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tds.engine.values import times


if TYPE_CHECKING:
    from collections.abc import Iterator

    from tds.engine.storage.database import Database


def _databases(context: Any, _database: Database) -> Iterator[tuple[Any, ...]]:
    for one in context.server.all_databases():
        state = (1, "ON") if one.snapshot == "ON" else (0, "OFF")
        yield one.name, one.id, 150, one.collation, 0, "MULTI_USER", False, 0, "ONLINE", *state, True, 3, "SIMPLE", True


def _sessions(context: Any, database: Database) -> Iterator[tuple[Any, ...]]:
    session = context.session
    yield (session.id % 32_000, times.DAYS_TO_1900 * times.TICKS_PER_DAY, session.host, session.application,
           session.login, "running", database.id, _LEVELS[context.memory.isolation], context.memory.depth)  # fmt: skip


_LEVELS = {"READ UNCOMMITTED": 1, "READ COMMITTED": 2, "REPEATABLE READ": 3, "SERIALIZABLE": 4, "SNAPSHOT": 5}


def _connections(context: Any, _database: Database) -> Iterator[tuple[Any, ...]]:
    yield context.session.id % 32_000, "TCP", "TSQL", "SQL"


VIEWS = {
    "sys.databases": (
        (
            "name sysname not null, database_id int not null, compatibility_level tinyint not null, "
            "collation_name sysname, "
            "user_access tinyint, user_access_desc nvarchar(60), is_read_only bit, state tinyint, "
            "state_desc nvarchar(60), "
            "snapshot_isolation_state tinyint, snapshot_isolation_state_desc nvarchar(60), "
            "is_read_committed_snapshot_on bit, recovery_model tinyint, recovery_model_desc nvarchar(60), "
            "is_auto_create_stats_on bit"
        ),
        _databases,
    ),
    "sys.dm_exec_sessions": (
        (
            "session_id smallint not null, login_time datetime not null, host_name nvarchar(128), "
            "program_name nvarchar(128), "
            "login_name nvarchar(128) not null, status nvarchar(30) not null, database_id smallint not null, "
            "transaction_isolation_level smallint not null, open_transaction_count int not null"
        ),
        _sessions,
    ),
    "sys.dm_exec_connections": (
        (
            "session_id int, net_transport nvarchar(40) not null, protocol_type nvarchar(40), "
            "auth_scheme nvarchar(40) not null"
        ),
        _connections,
    ),
}
