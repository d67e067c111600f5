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


def findings(home: SqliteHome, request: ReadRequest) -> Iterator[Finding]:
    """Open the file and the source, and say what is there; the first fault ends it."""
    try:
        snapshot = home.open(request)
    except HomeError as error:
        yield _fault("file", error)
        return
    try:
        mode = snapshot.value(_MODE)
        waits = "readers and writers do not wait for each other" if mode == "wal" else _WAITS
        yield Finding(
            probe="file", ok=True, what=f"{snapshot.path.stat().st_size:,} bytes, journal mode {mode}: {waits}"
        )
    finally:
        snapshot.close()
    try:
        reading = home.read(request)
    except HomeError as error:
        yield _fault("columns", error)
        return
    columns = len(reading.schema)
    reading.close()
    yield Finding(probe="columns", ok=True, what=f"{columns:,} column{'s' * (columns > 1)} can be read")


_WAITS = "writers wait while a table is read"


def _fault(probe: str, error: HomeError) -> Finding:
    return Finding(probe=probe, ok=False, what=f"{error.where}: {error.what}", fix=error.fix)
