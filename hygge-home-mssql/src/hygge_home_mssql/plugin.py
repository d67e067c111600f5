"""Registers the home type ``mssql`` and the connection type ``mssql``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import ConnectionType, hookimpl
from hygge_home_mssql.config import MssqlConnectionConfig


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hygge_core import Context, HomeType
    from hygge_core.home import Connection


def _connect(settings: MssqlConnectionConfig, context: Context) -> Connection:
    from hygge_home_mssql.connection import MssqlConnection

    return MssqlConnection(settings, context.log)


@hookimpl
def hygge_homes() -> Iterable[HomeType]:
    """Offer the home."""
    return ()


@hookimpl
def hygge_connections() -> Iterator[ConnectionType]:
    """Yield the one kind of connection."""
    summary = "Databases of SQL Server, Azure SQL and servers that speak TDS"
    yield ConnectionType(name="mssql", config=MssqlConnectionConfig, open=_connect, summary=summary)
