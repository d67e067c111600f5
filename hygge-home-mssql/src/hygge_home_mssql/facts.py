"""What a server says of itself and of the connected database."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from attrs import frozen


_SERVER = "SELECT @@VERSION"
_PROPERTIES = (
    "SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)), CAST(SERVERPROPERTY('Edition') AS nvarchar(128)), "
    "CAST(SERVERPROPERTY('EngineEdition') AS int)"
)
_DATABASE = (
    "SELECT DB_NAME(), CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS nvarchar(128)), "
    "CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS nvarchar(128))"
)
_SNAPSHOTS = "SELECT snapshot_isolation_state, is_read_committed_snapshot_on FROM sys.databases WHERE name = DB_NAME()"
_ON = 1


@frozen(kw_only=True)
class Facts:
    """What is known of a server; empty and None where it would not say, as servers that only resemble SQL Server may.

    ``snapshot`` says whether transactions may ask for snapshot isolation, ``versioned`` whether
    read committed shows row versions instead of waiting for locks.
    """

    version: str = ""
    product_version: str = ""
    edition: str = ""
    engine_edition: int | None = None
    database: str = ""
    collation: str = ""
    updateability: str = ""
    snapshot: bool | None = None
    versioned: bool | None = None


def find_facts(connection: Any) -> Facts:
    """Ask a raw connection; what the server refuses to say stays unknown. Raises the driver's error if it is gone."""
    (banner,) = _row(connection, _SERVER) or ("",)
    product, edition, engine = _asked(connection, _PROPERTIES) or ("", "", None)
    database, collation, updateability = _asked(connection, _DATABASE) or ("", "", "")
    state, versioned = _asked(connection, _SNAPSHOTS) or (None, None)
    return Facts(
        version=(banner or "").partition("\n")[0].strip(),
        product_version=product or "",
        edition=edition or "",
        engine_edition=engine,
        database=database or "",
        collation=collation or "",
        updateability=updateability or "",
        snapshot=None if state is None else state == _ON,
        versioned=None if versioned is None else bool(versioned),
    )


def _asked(connection: Any, sql: str) -> Any:
    try:
        return _row(connection, sql)
    except Exception:  # noqa: BLE001 - a server that only resembles SQL Server may lack any of it
        return None


def _row(connection: Any, sql: str) -> Any:
    with closing(connection.cursor()) as cursor:
        return cursor.execute(sql).fetchone()
