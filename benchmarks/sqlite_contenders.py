"""The ways to move a table of a SQLite file into Parquet, each run in a process of its own.

    python sqlite_contenders.py NAME DATABASE TARGET

Prints ``{"work": seconds}``, measured from after the imports to the end; without paths it only
tries whether the contender is ready.  DuckDB needs its extension ``sqlite``, which it fetches
once, or which comes from the package index for some versions:
``pip install duckdb==1.5.5 duckdb-extension-sqlite-scanner==1.5.5``.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable


QUERY = "SELECT * FROM lineitem"


def polars_read_database() -> Callable[[Path, Path], None]:
    """Let Polars read the whole table through Python's sqlite3 and write it."""
    import polars as pl

    def move(database: Path, target: Path) -> None:
        with closing(sqlite3.connect(database)) as connection:
            frame = pl.read_database(QUERY, connection, infer_schema_length=None)
        frame.write_parquet(target / "all.parquet", compression="snappy")

    return move


def duckdb_sqlite() -> Callable[[Path, Path], None]:
    """Let DuckDB read the file with its own reader and write what it finds, in order."""
    import duckdb

    file = _packaged_extension(duckdb.__version__)
    duckdb.sql(f"LOAD '{file}'" if file else "INSTALL sqlite; LOAD sqlite")

    def move(database: Path, target: Path) -> None:
        duckdb.sql(f"ATTACH '{database}' AS source (TYPE sqlite, READ_ONLY)")
        duckdb.sql(f"COPY (FROM source.lineitem) TO '{target}/all.parquet' (FORMAT parquet, CODEC 'snappy')")

    return move


def _packaged_extension(version: str) -> Path | None:
    """Find the extension where its package put it."""
    found = find_spec("duckdb_extension_sqlite_scanner")
    folders = found.submodule_search_locations or [] if found else []
    files = (Path(folder, "extensions", f"v{version}", "sqlite_scanner.duckdb_extension") for folder in folders)
    return next((file for file in files if file.exists()), None)


CONTENDERS = {"polars read_database": polars_read_database, "duckdb": duckdb_sqlite}


def main(name: str, *paths: str) -> None:
    """Run one contender and print how long the work took."""
    move = CONTENDERS[name]()
    started = time.perf_counter()
    if paths:
        database, target = map(Path, paths)
        move(database, target)
    print(json.dumps({"work": time.perf_counter() - started}))


if __name__ == "__main__":
    main(*sys.argv[1:])
