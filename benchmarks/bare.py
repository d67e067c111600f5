"""The bare work of an incremental run with nothing new: ask each table of a database for its highest watermark.

python bare.py source.db [--each]
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from time import perf_counter


def ask(file: str, *, each: bool) -> list[int | None]:
    """Ask every table, over one connection, or over one for ``each``."""
    with closing(sqlite3.connect(file)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        if not each:
            return [highest(connection, name) for name in names]
    return [highest_of_file(file, name) for name in names]


def highest_of_file(file: str, table: str) -> int | None:
    """Ask one table over a connection of its own."""
    with closing(sqlite3.connect(file)) as connection:
        return highest(connection, table)


def highest(connection: sqlite3.Connection, table: str) -> int | None:
    """Ask one table."""
    query = f'SELECT max(changed) FROM "{table}"'  # noqa: S608 - our own names
    found: tuple[int | None] = connection.execute(query).fetchone()
    return found[0]


if __name__ == "__main__":
    started = perf_counter()
    ask(sys.argv[1], each="--each" in sys.argv)
    print(json.dumps({"work": perf_counter() - started}))
