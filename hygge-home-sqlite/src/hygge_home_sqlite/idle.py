"""Connections between two readings: a new one costs SQLite a look at the definition of every table in the file."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from pathlib import Path


_MOST = 16
"""Connections that wait at the same time; a home may go through thousands of files."""

_File = tuple[str, int, int]


class IdleConnections:
    """Connections in no transaction, so that they hold no lock, ready to be taken by any thread.

    A connection belongs to the file that it was made for: another file under the same name
    gets new ones.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[_File, sqlite3.Connection]] = []
        self._mutex = threading.Lock()
        weakref.finalize(self, _close_all, self._waiting)

    def take(self, path: Path) -> sqlite3.Connection | None:
        """Take a connection to what is at the path now, None when none waits."""
        try:
            wanted = _file(path)
        except OSError:  # gone since it was looked at, which a new connection has words for
            return None
        with self._mutex:
            place = next((index for index, (file, _) in enumerate(self._waiting) if file == wanted), None)
            return None if place is None else self._waiting.pop(place)[1]

    def give(self, path: Path, connection: sqlite3.Connection) -> None:
        """End the connection's transaction and keep it; one that cannot be ended is closed."""
        try:
            connection.execute("ROLLBACK")
            connection.text_factory = str
            file = _file(path)
        except (sqlite3.Error, OSError):
            connection.close()
            return
        with self._mutex:
            self._waiting.append((file, connection))
            oldest = self._waiting.pop(0)[1] if len(self._waiting) > _MOST else None
        if oldest is not None:
            oldest.close()

    def close(self) -> None:
        """Close all that wait. Safe to call twice."""
        with self._mutex:
            _close_all(self._waiting)


def _file(path: Path) -> _File:
    found = path.stat()
    return str(path), found.st_dev, found.st_ino


def _close_all(waiting: list[tuple[_File, sqlite3.Connection]]) -> None:
    while waiting:
        waiting.pop()[1].close()
