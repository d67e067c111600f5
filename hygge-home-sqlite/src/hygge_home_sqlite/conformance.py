"""The home ``sqlite`` held against the contract of homes; run it by ``hygge conformance hygge-home-sqlite``."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest

from hygge_core.home import ReadRequest
from hygge_core.testing import HomeContract, PluginContract, context
from hygge_home_sqlite.config import SqliteConfig
from hygge_home_sqlite.plugin import hygge_homes


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygge_core.testing.readings import Fill


_FILE = "source.db"
_PAGE = 4096
_WORDS = {
    pl.Boolean: "BOOLEAN",
    pl.Int64: "INTEGER",
    pl.Float64: "REAL",
    pl.String: "TEXT",
    pl.Categorical: "TEXT",
    pl.Enum: "TEXT",
    pl.Binary: "BLOB",
    pl.Date: "DATE",
    pl.Time: "TIME",
}
"""How a table declares a column of values of a dtype; the other integers and floats are declared as the widest."""

_NESTED = "SQLite has neither lists nor records"
_SPANS = "SQLite has no spans of time"
_TEXT = pl.String()


class TestSqliteHome(HomeContract):
    """Tables that Python's own ``sqlite3`` writes, as other programs would."""

    opener = "hygge_home_sqlite.conformance:open_home"
    reads_as: ClassVar[Mapping[str, pl.DataType]] = {
        **dict.fromkeys(("int8", "int16", "int32", "uint8", "uint16", "uint32"), pl.Int64()),
        "float32": pl.Float64(),
        "datetime_ms": pl.Datetime("us"),
        "datetime_zone": pl.Datetime("us", "UTC"),
        "categorical": _TEXT,
        "enum": _TEXT,
        "null": _TEXT,
    }
    refuses: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("decimal_38_10", "decimal_38_0"), "SQLite rounds it to a float, which is no value of the declared type"
    )
    cannot_hold: ClassVar[Mapping[str, str]] = {
        "uint64": "SQLite's integers have 64 bits with a sign",
        "datetime_ns": "a column of SQLite is declared with microseconds at most",
        **dict.fromkeys(("list", "list_of_list", "array", "struct", "list_of_struct"), _NESTED),
        **dict.fromkeys(("duration_ms", "duration_us", "duration_ns"), _SPANS),
        "case": "SQLite takes names that differ in case for the same",
    }

    @pytest.fixture
    def place(self, tmp_path: Path) -> str:
        """Return the folder of the database."""
        return str(tmp_path)

    @pytest.fixture
    def fill(self, place: str) -> Fill:
        """Return a function that makes a table."""

        def filled(name: str, frame: pl.DataFrame) -> ReadRequest:
            fill(Path(place, _FILE), name, frame)
            return ReadRequest(entity=name, flow="kit")

        return filled

    @pytest.fixture
    def damage(self, place: str) -> Callable[[ReadRequest], None]:
        """Return a function that overwrites a page in the middle of the file."""

        def damage(_: ReadRequest) -> None:
            with Path(place, _FILE).open("r+b") as file:
                file.seek(file.seek(0, 2) // _PAGE // 2 * _PAGE)
                file.write(b"\xff" * _PAGE)

        return damage

    @pytest.fixture
    def fingerprint(self, place: str) -> Callable[[], object]:
        """Return a function that sees every file beside the database, and what is in it."""
        return lambda: {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path(place).iterdir()}


def open_home(place: str) -> Any:
    """Open the home over the database of a folder."""
    (home,) = hygge_homes()
    return home.open(SqliteConfig(path=_FILE), context(place))


def fill(path: Path, name: str, frame: pl.DataFrame) -> None:
    """Make a table of a frame, in the place of one that is there."""
    table = _quoted(name)
    columns = ", ".join(f"{_quoted(name)} {_declared(dtype)}" for name, dtype in frame.schema.items())
    places = ", ".join("?" * frame.width)
    with closing(sqlite3.connect(path, timeout=1)) as database, database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute(f"DROP TABLE IF EXISTS {table}")
        database.execute(f"CREATE TABLE {table} ({columns})")
        database.executemany(f"INSERT INTO {table} VALUES ({places})", map(_row, frame.iter_rows()))  # noqa: S608 - quoted


def _declared(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision}, {dtype.scale})"
    if isinstance(dtype, pl.Datetime):
        return "TIMESTAMPTZ" if dtype.time_zone else "DATETIME"
    widest = pl.Int64 if dtype.is_integer() else pl.Float64 if dtype.is_float() else type(dtype)
    return _WORDS.get(widest, "")


def _row(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(map(_value, values))


def _value(value: Any) -> Any:
    """Write a value as SQLite stores it: what it has no storage for as text."""
    if value is None or isinstance(value, (int, float, str, bytes)):
        return value
    return format(value, "f") if isinstance(value, Decimal) else value.isoformat()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class TestPlugin(PluginContract):
    """The package itself: what it declares, how it loads, what its settings are."""

    distribution = "hygge-home-sqlite"
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {"home sqlite": {"path": "erp.db", "table": "{entity}"}}
