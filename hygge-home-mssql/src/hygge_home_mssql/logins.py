"""Opening raw connections: pyodbc with the driver that was found, and mssql-python with its own."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hygge_core import HomeError
from hygge_home_mssql.authentication import ACCESS_TOKEN, packed
from hygge_home_mssql.connection_string import arrow_string, connection_string


if TYPE_CHECKING:
    from hygge_home_mssql.config import MssqlConnectionConfig
    from hygge_home_mssql.drivers import Driver


def open_pyodbc(settings: MssqlConnectionConfig, driver: Driver, token: str) -> Any:
    """Log in through ODBC. Raises `pyodbc.Error`, and `HomeError` for what the driver cannot do."""
    import pyodbc

    pyodbc.pooling = False  # the pool is hygge's own, which counts, and knows what a table left behind
    text = connection_string(settings, driver)
    connection = pyodbc.connect(
        text, autocommit=True, timeout=_seconds(settings.connect_timeout), attrs_before=_attributes(token)
    )
    try:
        connection.timeout = _seconds(settings.query_timeout)
        connection.setdecoding(pyodbc.SQL_CHAR, encoding="utf-16-le", ctype=pyodbc.SQL_WCHAR)
        connection.setdecoding(pyodbc.SQL_WCHAR, encoding="utf-16-le", ctype=pyodbc.SQL_WCHAR)
        connection.setencoding(encoding="utf-16-le", ctype=pyodbc.SQL_WCHAR)
    except BaseException:
        connection.close()
        raise
    return connection


def open_arrow(settings: MssqlConnectionConfig, token: str) -> Any:
    """Log in through mssql-python. Raises its errors, and `HomeError` when it is not installed."""
    try:
        import mssql_python

        import_module("pyarrow")  # mssql-python asks for it with the first batch only
    except ImportError as error:
        fix = 'install it: pip install "hygge-home-mssql[arrow]", or set engine = "pyodbc"'
        raise HomeError("the engine arrow needs the packages mssql-python and pyarrow", fix=fix) from error
    mssql_python.pooling(enabled=False)
    connection = mssql_python.connect(
        arrow_string(settings),
        autocommit=True,
        timeout=_seconds(settings.connect_timeout),
        attrs_before=_attributes(token),
        native_uuid=False,
    )
    connection.timeout = _seconds(settings.query_timeout)
    return connection


def _attributes(token: str) -> dict[int, Any]:
    return {ACCESS_TOKEN: packed(token)} if token else {}


def _seconds(span: Any) -> int:
    """Round up: less than a second would mean no limit to the drivers."""
    return -int(-span.total_seconds() // 1)
