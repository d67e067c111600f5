"""Registers the home type ``mssql`` and the connection type ``mssql``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import ConnectionType, HomeType, UsageError, hookimpl
from hygge_home_mssql.config import MssqlConnectionConfig
from hygge_home_mssql.home_config import MssqlConfig


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core import Context
    from hygge_core.home import Connection, Home


def _connect(settings: MssqlConnectionConfig, context: Context) -> Connection:
    from hygge_home_mssql.connection import MssqlConnection

    return MssqlConnection(settings, context.log)


def _open(settings: MssqlConfig, context: Context) -> Home:
    from hygge_home_mssql.connection import MssqlConnection
    from hygge_home_mssql.home import MssqlHome

    connection = context.connections.get(settings.connection)
    if not isinstance(connection, MssqlConnection):
        what = f"the connection {settings.connection!r} is not one of type mssql"
        raise UsageError(what, fix="name one that is, or take the home of its type")
    return MssqlHome(settings=settings, connection=connection)


@hookimpl
def hygge_homes() -> Iterator[HomeType]:
    """Yield the one kind of home."""
    yield HomeType(name="mssql", config=MssqlConfig, open=_open, summary="Tables and queries of SQL Server")


@hookimpl
def hygge_connections() -> Iterator[ConnectionType]:
    """Yield the one kind of connection."""
    summary = "Databases of SQL Server, Azure SQL and servers that speak TDS"
    yield ConnectionType(name="mssql", config=MssqlConnectionConfig, open=_connect, summary=summary)
