"""The bare work of an incremental run with nothing new: ask each table of a database for its highest watermark.

python bare.py source.db
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from time import perf_counter


def ask(file: str) -> int:
    """Ask every table, over a connection of its own as a snapshot needs one, and return how many there are."""
    with closing(sqlite3.connect(file)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for name in names:
        highest(file, name)
    return len(names)


def highest(file: str, table: str) -> int | None:
    """Ask one table."""
    with closing(sqlite3.connect(file)) as connection:
        query = f'SELECT max(changed) FROM "{table}"'  # noqa: S608 - our own names
        found: tuple[int | None] = connection.execute(query).fetchone()
        return found[0]


if __name__ == "__main__":
    started = perf_counter()
    ask(sys.argv[1])
    print(json.dumps({"work": perf_counter() - started}))
