"""What a warehouse holds and remembers, in SQLite: every verb is one transaction."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


_TABLES = """
CREATE TABLE IF NOT EXISTS part (
    tbl TEXT, token TEXT, name TEXT, columns TEXT, rows INTEGER, size INTEGER, checksum TEXT, data BLOB,
    visible INTEGER DEFAULT 0, PRIMARY KEY (tbl, token, name)
);
CREATE TABLE IF NOT EXISTS record (tbl TEXT, sequence INTEGER, data TEXT, PRIMARY KEY (tbl, sequence));
"""
_DESCRIBED = ("token", "name", "columns", "rows", "size", "checksum")
_VISIBLE = "SELECT token, name, columns, rows, size, checksum FROM part WHERE tbl = ? AND visible ORDER BY rowid"
_OF_TOKEN = "SELECT token, name, columns, rows, size, checksum FROM part WHERE tbl = ? AND token = ? ORDER BY rowid"
_FETCH = "SELECT data FROM part WHERE tbl = ? AND token = ? AND name = ? AND visible"
_SHOW = "UPDATE part SET visible = 1 WHERE tbl = ? AND token = ? AND name = ?"


class Wrong(Exception):
    """What was asked for cannot be done."""


class Books:
    """The tables of a warehouse; threads take turns. Other programs may look into the file meanwhile."""

    def __init__(self, path: Path) -> None:
        self._turn = threading.Lock()
        self._file = sqlite3.connect(path, check_same_thread=False, timeout=60)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.executescript(_TABLES)

    def put(  # noqa: PLR0913 - all that is told of a part
        self, table: str, data: bytes, *, token: str, name: str, columns: str, rows: int, checksum: str
    ) -> None:
        """Keep a part that nobody sees yet."""
        values = (table, token, name, columns, rows, len(data), checksum, data)
        self._do("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)", *values)

    def parts(self, table: str, token: str) -> list[dict[str, Any]]:
        """Describe the visible parts of a table, or all of a token."""
        found = self._do(_OF_TOKEN, table, token) if token else self._do(_VISIBLE, table)
        return [dict(zip(_DESCRIBED, row, strict=True)) for row in found]

    def fetch(self, table: str, token: str, name: str) -> bytes:
        """Return what is in a visible part."""
        found = self._do(_FETCH, table, token, name)
        if not found:
            raise Wrong(f"part {name} was replaced meanwhile")
        data: bytes = found[0][0]
        return data

    def commit(  # noqa: PLR0913 - all that changes together
        self, table: str, record: bytes, *, token: str, sequence: int, show: Sequence[str], remove: Sequence[str]
    ) -> None:
        """Show parts, remove others, and remember the record: all of it or nothing."""
        with self._turn, self._file as file:
            (last,) = file.execute("SELECT coalesce(max(sequence), 0) FROM record WHERE tbl = ?", (table,)).fetchone()
            if sequence != last + 1:
                raise Wrong(f"commit {sequence} was made by somebody else meanwhile")
            here = [(table, name) for name in remove]
            file.executemany("DELETE FROM part WHERE tbl = ? AND name = ? AND visible", here)
            for name in show:
                if not file.execute(_SHOW, (table, token, name)).rowcount:
                    raise Wrong(f"there is no part {name}")
            file.execute("INSERT INTO record VALUES (?, ?, ?)", (table, sequence, record.decode()))

    def records(self, table: str) -> list[str]:
        """Return the records of a table, the oldest first."""
        return [data for (data,) in self._do("SELECT data FROM record WHERE tbl = ? ORDER BY sequence", table)]

    def drop(self, table: str, token: str) -> None:
        """Forget the parts of a token that nobody sees."""
        self._do("DELETE FROM part WHERE tbl = ? AND token = ? AND NOT visible", table, token)

    def sweep(self, table: str) -> list[str]:
        """Forget all parts that nobody sees; return their tokens."""
        found = self._do("SELECT DISTINCT token FROM part WHERE tbl = ? AND NOT visible ORDER BY token", table)
        self._do("DELETE FROM part WHERE tbl = ? AND NOT visible", table)
        return [token for (token,) in found]

    def tables(self) -> list[str]:
        """Name the tables that readers see."""
        return [name for (name,) in self._do("SELECT DISTINCT tbl FROM part WHERE visible ORDER BY tbl")]

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _do(self, statement: str, *values: object) -> list[Any]:
        with self._turn, self._file as file:
            return file.execute(statement, values).fetchall()
