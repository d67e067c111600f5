"""Rules for connections to SQL Server, named ones and those that a home said for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hygge_core.migrate.rules.rule import Area, dropped, kept, renamed
from hygge_core.migrate.rules.values import only_where, seconds, truth, unless, whole


if TYPE_CHECKING:
    from collections.abc import Mapping


_LOGIN = (
    "the original never read it and signed in with a token of Entra; for a login of SQL Server write "
    'auth = "sql", user and password = "${NAME}"'
)


def _encryption(value: Any, table: Mapping[str, Any]) -> Any:
    return "strict" if str(value).lower() == "strict" else truth(value, table)


def _trusting(table: Mapping[str, Any]) -> bool:
    return str(table.get("encrypt", "")).lower() != "strict"


_SETTINGS = (
    kept(
        "driver",
        "only the engine pyodbc takes a driver by name",
        convert=unless(
            "ODBC Driver 18 for SQL Server", "hygge finds it by itself, and is quickest where no driver is named"
        ),
    ),
    kept("encrypt", convert=_encryption),
    renamed(
        "trust_cert",
        "trust_server_certificate",
        "true takes any certificate, also an impostor's; the original did by default (defect 27)",
        convert=only_where(_trusting, 'encrypt = "strict" always checks the certificate', truth),
    ),
    renamed("timeout", "connect_timeout", "a span of time", convert=seconds),
)

_ADDED = (("auth", "entra_default"),)

MSSQL = Area(
    name="`connections.<name>` of type `mssql`",
    type="mssql",
    added=_ADDED,
    rules=(
        kept("type"),
        kept("server"),
        kept("database"),
        *_SETTINGS,
        kept("pool_size", "no longer cut to the concurrency", convert=whole),
        *(dropped(key, _LOGIN) for key in ("user", "username", "uid", "password", "pwd")),
    ),
)

OWN = Area(
    name="a home's own connection",
    type="mssql",
    added=_ADDED,
    rules=(renamed("server", "server"), renamed("database", "database"), *_SETTINGS),
)
"""What a home said of its server itself; it becomes a named connection, since homes here only name one."""

CONNECTIONS = {"mssql": MSSQL}
