"""The drivers that a test can connect with, and their connection strings."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tds.accounts import PASSWORD, USER


if TYPE_CHECKING:
    from tds.server import SqlServer

FREETDS_FOLDERS = ("/usr/lib/x86_64-linux-gnu/odbc", "/usr/lib/aarch64-linux-gnu/odbc", "/usr/lib64", "/usr/lib")
FREETDS_FOLDERS += ("/opt/homebrew/lib", "/usr/local/lib")


def odbc_missing() -> str | None:
    """Return why pyodbc cannot be used here (no ODBC manager, say), or None."""
    try:
        import pyodbc
    except ImportError as error:
        return f"pyodbc does not load: {error}"
    pyodbc.pooling = False
    return None


def microsoft() -> Path | None:
    """Return Microsoft's ODBC driver, the one that the package mssql-python-odbc carries."""
    found = find_spec("mssql_python_odbc")
    if found is None or found.origin is None:
        return None
    libraries = Path(found.origin).parent / "libs"
    files = sorted(libraries.rglob("libmsodbcsql*.so*")) + sorted(libraries.rglob("libmsodbcsql*.dylib"))
    return next((file for file in files if "debian_ubuntu" in file.parts), next(iter(files), None))


def freetds() -> Path | None:
    """Return the FreeTDS driver of the system."""
    files = (Path(folder) / name for folder in FREETDS_FOLDERS for name in ("libtdsodbc.so", "libtdsodbc.dylib"))
    return next((file for file in files if file.exists()), None)


def microsoft_string(server: SqlServer, *, password: str | None = PASSWORD, **more: object) -> str:
    """Return a connection string for Microsoft's driver and for mssql-python; `password` None is for access tokens."""
    words: dict[str, object] = {"Server": f"tcp:127.0.0.1,{server.port}", "Database": server.database}
    words |= {} if password is None else {"UID": USER, "PWD": password}
    return joined(words | {"Encrypt": "yes", "TrustServerCertificate": "yes"} | more)


def freetds_string(server: SqlServer, *, password: str = PASSWORD, **more: object) -> str:
    """Return a connection string for FreeTDS."""
    words: dict[str, object] = {"Server": "127.0.0.1", "Port": server.port, "Database": server.database}
    words |= {"UID": USER, "PWD": password, "TDS_Version": "7.4", "ClientCharset": "UTF-8"}
    return joined(words | more)


def joined(words: dict[str, object]) -> str:
    """Return the words of a connection string, each value in braces where it needs them."""
    return ";".join(f"{name}={_quoted(str(value))}" for name, value in words.items())


def _quoted(value: str) -> str:
    return "{" + value.replace("}", "}}") + "}" if set(value) & set(";{}=[]() ,?*!@") else value
