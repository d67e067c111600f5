"""What ``hygge debug`` says of one entity of a SQLite home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import HomeError
from hygge_core.home import Finding
from hygge_core.sql import Statement


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.home import ReadRequest
    from hygge_home_sqlite.home import SqliteHome


_MODE = Statement("PRAGMA journal_mode")
_WAL = "readers and writers do not wait for each other"
_OTHERS = "writers wait while a table is read"


def findings(home: SqliteHome, request: ReadRequest) -> Iterator[Finding]:
    """Say what there is of file and source; the first fault ends it."""
    probe = "file"
    try:
        yield Finding(probe=probe, ok=True, what=_file(home, request))
        probe = "columns"
        yield Finding(probe=probe, ok=True, what=_columns(home, request))
    except HomeError as error:
        yield Finding(probe=probe, ok=False, what=f"{error.where}: {error.what}", fix=error.fix)


def _file(home: SqliteHome, request: ReadRequest) -> str:
    snapshot = home.open(request)
    try:
        mode = snapshot.value(_MODE)
    finally:
        snapshot.close()
    return f"{snapshot.path.stat().st_size:,} bytes, journal mode {mode}: {_WAL if mode == 'wal' else _OTHERS}"


def _columns(home: SqliteHome, request: ReadRequest) -> str:
    reading = home.read(request)
    columns = len(reading.schema)
    reading.close()
    return "1 column can be read" if columns == 1 else f"{columns:,} columns can be read"
