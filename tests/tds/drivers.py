"""The drivers that a test can connect with, and their connection strings."""

from __future__ import annotations

import ctypes
import struct
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tds.accounts import PASSWORD, USER


if TYPE_CHECKING:
    from tds.server import SqlServer

FREETDS_FOLDERS = ("/usr/lib/x86_64-linux-gnu/odbc", "/usr/lib/aarch64-linux-gnu/odbc", "/usr/lib64", "/usr/lib")
FREETDS_FOLDERS += ("/opt/homebrew/lib", "/usr/local/lib")


ACCESS_TOKEN = 1256  # SQL_COPT_SS_ACCESS_TOKEN: bytes with their length before them
LOGIN_SECONDS = 20
NAMES = ("microsoft", "freetds", "mssql-python")


@cache
def missing(name: str) -> str | None:
    """Return why a driver cannot be used here, or None."""
    if name == "mssql-python":
        return _import_problem("mssql_python") or _library_problem()
    if problem := _import_problem("pyodbc"):
        return f"{problem} (on Debian: apt-get install unixodbc)"
    if name == "freetds":
        return None if freetds() else "no FreeTDS driver (on Debian: apt-get install tdsodbc)"
    return _library_problem()


def connect(name: str, server: SqlServer, *, token: str | None = None, autocommit: bool = True, **words: object) -> Any:
    """Return a DB-API connection; `words` go into its string, `Encrypt` in Microsoft's words for FreeTDS too."""
    if token is not None:
        words = {"password": None} | words
    if name == "mssql-python":
        import mssql_python

        mssql_python.pooling(enabled=False)  # else a closed connection stays open
        text = microsoft_string(server, **words)
        return mssql_python.connect(text, autocommit=autocommit, attrs_before=_attributes(token), timeout=0)
    import pyodbc

    pyodbc.pooling = False
    driver, string = (freetds(), freetds_string) if name == "freetds" else (microsoft(), microsoft_string)
    text = f"Driver={driver};{string(server, **words)}"
    return pyodbc.connect(text, autocommit=autocommit, attrs_before=_attributes(token), timeout=LOGIN_SECONDS)


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
    """Return a connection string for Microsoft's driver, or for mssql-python; `password` None is for access tokens."""
    words: dict[str, object] = {"Server": f"tcp:127.0.0.1,{server.port}", "Database": server.database}
    words |= {} if password is None else {"UID": USER, "PWD": password}
    return joined(words | {"Encrypt": "yes", "TrustServerCertificate": "yes"} | more)


def freetds_string(server: SqlServer, *, password: str = PASSWORD, **more: object) -> str:
    """Return a connection string for FreeTDS."""
    words: dict[str, object] = {"Server": "127.0.0.1", "Port": server.port, "Database": server.database}
    words |= {"UID": USER, "PWD": password, "TDS_Version": "7.4", "ClientCharset": "UTF-8"}
    encryption = {"yes": "require", "no": "off", "optional": "request"}[str(more.pop("Encrypt", "yes"))]
    return joined(words | {"Encryption": encryption} | more)


def joined(words: dict[str, object]) -> str:
    """Return the words of a connection string, each value in braces where it needs them."""
    return ";".join(f"{name}={_quoted(str(value))}" for name, value in words.items())


def _quoted(value: str) -> str:
    return "{" + value.replace("}", "}}") + "}" if set(value) & set(";{}=[]() ,?*!@") else value


def _attributes(token: str | None) -> dict[int, bytes]:
    if token is None:
        return {}
    data = token.encode("utf-16-le")
    return {ACCESS_TOKEN: struct.pack("<I", len(data)) + data}


def _library_problem() -> str | None:
    """Return why Microsoft's driver does not load: it is a library of C that wants others of the system."""
    library = microsoft()
    if library is None:
        return "no ODBC driver of Microsoft (pip install mssql-python-odbc)"
    try:
        ctypes.CDLL(str(library))
    except OSError as error:
        return f"Microsoft's ODBC driver does not load: {error} (on Debian: apt-get install libgssapi-krb5-2 libltdl7)"
    return None


def _import_problem(module: str) -> str | None:
    try:
        import_module(module)
    except ImportError as error:
        return f"{module} does not load: {error}"
    return None
