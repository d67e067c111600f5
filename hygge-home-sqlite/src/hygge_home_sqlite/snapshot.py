"""A SQLite file opened for reading only, at one moment that later changes do not reach."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from hygge_core import HomeError, HomeUnavailable


if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta
    from pathlib import Path

    from hygge_core.sql import Statement
    from hygge_home_sqlite.idle import IdleConnections


class Snapshot:
    """One connection in one read transaction, from when it is made until it is closed; then it waits in ``idle``.

    In WAL mode writers go on and stay unseen.  In the other journal modes the transaction
    holds SQLite's shared lock, so writers wait for its end.  ``where`` begins every error.
    """

    def __init__(self, path: Path, busy_timeout: timedelta, where: str, idle: IdleConnections) -> None:
        self.path = path
        self.where = where
        self._patience = busy_timeout
        self._idle = idle
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()
        self._closed = False
        _demand_file(path)
        with self.told():
            self._connection = _begun(idle.take(path) or _connected(path, busy_timeout))

    def run(self, statement: Statement) -> sqlite3.Cursor:
        """Start a statement. Use it and its rows within `told`."""
        if self._closed:
            raise sqlite3.ProgrammingError("the snapshot is closed")
        cursor = self._connection.execute(statement.text, statement.parameters)
        self._cursors.add(cursor)
        return cursor

    def value(self, statement: Statement) -> Any:
        """Return the first column of the first row. Raises `HomeError`."""
        with self.told():
            return self.run(statement).fetchone()[0]

    def decode_anything(self) -> None:
        """Let texts that are not UTF-8 come as lone surrogates, for finding them."""
        self._connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn errors of SQLite into ones that say where, what and what to do."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._explained(error) from error

    def close(self) -> None:
        """End the transaction, also in the middle of a statement. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        try:
            for cursor in self._cursors:  # a statement that goes on would keep the lock, whatever ends
                cursor.close()
        except sqlite3.ProgrammingError:  # in use on another thread
            self._connection.close()
        else:
            self._idle.give(self.path, self._connection)

    def _explained(self, error: sqlite3.Error) -> HomeError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            seconds = self._patience.total_seconds()
            return HomeUnavailable(
                f"another program holds the database locked, for longer than busy_timeout ({seconds:g} s)",
                where=self.where,
                fix="run again when it is done (SQLite does not tell who it is; `fuser` or `lsof` do), "
                "or let its programs use WAL mode, in which readers never wait",
            )
        what, fix = _WORDS.get(code, (f"SQLite says: {error}", ""))
        return HomeError(what, where=self.where, fix=fix)


_WORDS = {
    sqlite3.SQLITE_NOTADB: ("is not a SQLite database, or an encrypted one", "check 'path'"),
    sqlite3.SQLITE_CORRUPT: ("the database is damaged", "look at it with `PRAGMA integrity_check`, or restore it"),
    sqlite3.SQLITE_CANTOPEN: (
        "SQLite cannot open it",
        "in WAL mode even readers need to write the files -wal and -shm beside it: allow that, or read a copy",
    ),
    sqlite3.SQLITE_READONLY: (
        "a program was killed while it wrote, and what it left must be rolled back by one that may write",
        "open it once with its own program, or with `sqlite3 FILE .tables`",
    ),
}


def _demand_file(path: Path) -> None:
    if path.is_file():
        return
    what = "is a folder, not a SQLite file" if path.is_dir() else "there is no such file"
    raise HomeError(what, where=str(path), fix="check 'path'; relative paths start at the project's folder")


def _connected(path: Path, busy_timeout: timedelta) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=busy_timeout.total_seconds(),
        isolation_level=None,
        check_same_thread=False,
    )


def _begun(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Take the snapshot by a first look at the schema."""
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection
