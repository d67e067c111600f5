"""The home ``mssql`` held against the contract of homes, with the server that HYGGE_TEST_MSSQL names.

HYGGE_TEST_MSSQL is an ODBC connection string with a SQL login that may create tables in the database
it names.  Tables get names that are new for each test, and are dropped in the end.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest

from hygge_core.home import ReadRequest
from hygge_core.secret import Secret
from hygge_core.testing import HomeContract, PluginContract
from hygge_home_mssql.config import MssqlConnectionConfig
from hygge_home_mssql.connection import MssqlConnection
from hygge_home_mssql.dialect import MSSQL
from hygge_home_mssql.drivers import find_driver
from hygge_home_mssql.home import MssqlHome
from hygge_home_mssql.home_config import MssqlConfig, Split
from hygge_home_mssql.logins import open_pyodbc


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hygge_core.testing.readings import Fill

    Place = Mapping[str, Any]
    """The keys of a connection, and in ``prefix`` how the names of all tables begin."""


VARIABLE = "HYGGE_TEST_MSSQL"

_PAIR = re.compile(r"\s*([^=;]+?)\s*=\s*(?:\{((?:[^}]|\}\})*)\}|([^;]*))\s*(?:;|$)")
_SHORT = 400
_PARAMETERS = 2000
_ROWS = 100
"""Rows of one INSERT; a server takes ten times as many, and more time for each."""
_WORDS: Mapping[type[pl.DataType], str] = {
    pl.Boolean: "bit",
    pl.Int8: "smallint",
    pl.Int16: "smallint",
    pl.Int32: "int",
    pl.Int64: "bigint",
    pl.UInt8: "tinyint",
    pl.UInt16: "int",
    pl.UInt32: "bigint",
    pl.UInt64: "decimal(20, 0)",
    pl.Float32: "real",
    pl.Float64: "float",
    pl.Binary: f"varbinary({_SHORT})",
    pl.Date: "date",
    pl.Time: "time(7)",
}
"""The type of the column that holds values of a dtype, the narrowest that has room for all of them."""


def _settings(text: str) -> dict[str, Any]:
    """Read an ODBC connection string as the keys of a connection."""
    said = {key.lower(): (braced or plain).replace("}}", "}") for key, braced, plain in _PAIR.findall(text)}
    server, _, port = said["server"].removeprefix("tcp:").partition(",")
    return {
        "server": server,
        "port": int(port or said.get("port", 0)),
        "database": said["database"],
        "user": said.get("uid", ""),
        "password": said.get("pwd", ""),
        "encrypt": said.get("encrypt", "yes").lower() not in {"no", "optional", "false"},
        "trust_server_certificate": said.get("trustservercertificate", "no").lower() in {"yes", "true"},
        "driver": said.get("driver", ""),
    }


_NAMED = _settings(os.environ[VARIABLE]) if VARIABLE in os.environ else {}


class TestMssqlHome(HomeContract):
    """Tables that plain T-SQL makes, read whole and in parts."""

    opener = "hygge_home_mssql.conformance:open_home"
    secrets = (_NAMED["password"],) if _NAMED else ()
    reads_as: ClassVar[Mapping[str, pl.DataType]] = {
        "int8": pl.Int16(),
        "uint16": pl.Int32(),
        "uint32": pl.Int64(),
        "uint64": pl.Decimal(20, 0),
        **dict.fromkeys(("datetime_ms", "datetime_ns"), pl.Datetime("us")),
        "datetime_zone": pl.Datetime("us", "UTC"),
        **dict.fromkeys(("categorical", "enum", "null"), pl.String()),
    }
    refuses_ranges: ClassVar[Mapping[str, str]] = {"binary": "the server takes 0x01 and 0x0100 for equal"}
    cannot_hold: ClassVar[Mapping[str, str]] = {
        "float32": "SQL Server has no infinity",
        "case": "most databases take names that differ in case for the same",
        **dict.fromkeys(("duration_ms", "duration_us", "duration_ns"), "SQL Server has no spans of time"),
        **dict.fromkeys(
            ("list", "list_of_list", "array", "struct", "list_of_struct"), "SQL Server has only single values"
        ),
    }

    @pytest.fixture
    def place(self) -> Iterator[Place]:
        """Return the keys of the connection to the server that is named, and a prefix for the names of tables."""
        if not _NAMED:
            pytest.skip(f"{VARIABLE} names no server")
        place = {**_NAMED, "prefix": f"hygge_{secrets.token_hex(4)}_"}
        yield place
        drop(place)

    @pytest.fixture
    def fill(self, place: Place) -> Fill:
        """Return a function that makes a table."""

        def filled(name: str, frame: pl.DataFrame) -> ReadRequest:
            fill(place, name, frame)
            return ReadRequest(entity=name, flow="kit")

        return filled

    @pytest.fixture
    def damage(self, place: Place) -> Callable[[ReadRequest], None]:
        """Return a function that puts a view in the place of a table, which fails at one of its last rows."""

        def damage(request: ReadRequest) -> None:
            below = f"{request.entity} below"
            execute(place, f"EXEC sp_rename '{place['prefix']}{request.entity}', '{place['prefix']}{below}'")
            view, table = _name(place, request.entity), _name(place, below)
            columns = "id, name, 1 / (4990 - id) AS amount"
            execute(place, f"CREATE VIEW {view} AS SELECT {columns} FROM {table}")  # noqa: S608 - names come quoted

        return damage

    @pytest.fixture
    def fingerprint(self, place: Place) -> Callable[[], object]:
        """Return a function that sees all objects of the database, and how often each was changed."""
        return lambda: execute(place, "SELECT name, type, modify_date FROM sys.objects ORDER BY name")


class _HomeOfItsOwn(MssqlHome):
    """A home that closes its connection, which no project does here."""

    def close(self) -> None:
        self.connection.close()


def open_home(place: Place) -> _HomeOfItsOwn:
    """Open the home over a connection of its own."""
    table = f"dbo.{place['prefix']}{{entity}}"
    settings = MssqlConfig(connection="kit", table=table, split=Split(by="id", parts=3))
    return _HomeOfItsOwn(settings=settings, connection=MssqlConnection(_config(place)))


def fill(place: Place, name: str, frame: pl.DataFrame) -> None:
    """Make a table of a frame, in the place of one that is there. Waits two seconds for one that is in use."""
    table = _name(place, name)
    columns = ", ".join(f"{MSSQL.quote(each.name)} {_declared(each)}" for each in frame)
    execute(
        place,
        "SET LOCK_TIMEOUT 2000",
        f"IF OBJECT_ID('{table.replace(chr(39), chr(39) * 2)}') IS NOT NULL DROP TABLE {table}",
        f"CREATE TABLE {table} ({columns})",
        *_insertions(table, frame),
    )


def drop(place: Place) -> None:
    """Drop every table and view whose name has the place's prefix."""
    for name, kind in execute(place, "SELECT name, type FROM sys.objects WHERE type IN ('U', 'V')"):
        if name.startswith(place["prefix"]):
            execute(place, f"DROP {'VIEW' if kind.strip() == 'V' else 'TABLE'} dbo.{MSSQL.quote(name)}")


def execute(place: Place, *statements: str | tuple[str, list[Any]]) -> list[tuple[Any, ...]]:
    """Run T-SQL over a connection of the test's own, and return the rows of the last statement."""
    settings = _config(place)
    with closing(open_pyodbc(settings, find_driver(settings.driver), "")) as connection:
        cursor = connection.cursor()
        for statement in statements:
            text, parameters = (statement, []) if isinstance(statement, str) else statement
            cursor.execute(text, *parameters)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []


def _config(place: Place) -> MssqlConnectionConfig:
    keys = {key: value for key, value in place.items() if key != "prefix"}
    return MssqlConnectionConfig(**{**keys, "password": Secret(place["password"])})


def _name(place: Place, entity: str) -> str:
    return f"dbo.{MSSQL.quote(place['prefix'] + entity)}"


def _declared(column: pl.Series) -> str:
    dtype = column.dtype
    if isinstance(dtype, pl.Decimal):
        return f"decimal({dtype.precision}, {dtype.scale})"
    if isinstance(dtype, pl.Datetime):
        return "datetimeoffset(6)" if dtype.time_zone else "datetime2(6)"
    if type(dtype) in _WORDS:
        return _WORDS[type(dtype)]
    longest = column.cast(pl.String).str.len_chars().max()
    return f"nvarchar({_SHORT})" if not isinstance(longest, int) or longest <= _SHORT else "nvarchar(max)"


def _insertions(table: str, frame: pl.DataFrame) -> Iterator[tuple[str, list[Any]]]:
    """Yield statements of some rows each; casts say what the text of a value stands for."""
    row = f"({', '.join(map(_placed, frame))})"
    for piece in frame.iter_slices(max(1, min(_ROWS, _PARAMETERS // frame.width))):
        values = [_value(value) for row in piece.iter_rows() for value in row]
        text = f"INSERT INTO {table} VALUES {', '.join([row] * piece.height)}"  # noqa: S608 - names come quoted
        yield text, values


def _placed(column: pl.Series) -> str:
    return "?" if type(column.dtype) in {pl.Int64, pl.Float64, pl.String} else f"CAST(? AS {_declared(column)})"


def _value(value: Any) -> Any:
    """Write what drivers bind in ways of their own as text."""
    if value is None or isinstance(value, (bool, int, float, str, bytes)):
        return str(value) if isinstance(value, int) and value > 2**63 - 1 else value
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat(sep=" ") if hasattr(value, "hour") and hasattr(value, "year") else value.isoformat()


class TestPlugin(PluginContract):
    """The package itself: what it declares, how it loads, what its settings are."""

    distribution = "hygge-home-mssql"
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "home mssql": {"connection": "erp", "table": "dbo.{entity}"},
        "connection mssql": {"server": "sql01", "database": "ERP", "user": "hygge", "password": "Fjord+Havn7"},
    }
