"""The ways to move a table of SQL Server into Parquet, each run in a process of its own.

    python mssql_contenders.py NAME PORT USER PASSWORD TARGET

Prints ``{"work": seconds}``, measured from after the imports to the end; with a name alone it
only tries whether the contender is ready.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Move = Callable[[list[str], Path], None]


QUERY = "SELECT * FROM lineitem"
ROWS = 8192


def arrow_reader() -> Move:
    """Read Arrow batches with mssql-python and let Polars write them: the bare loop under hygge's fast engine."""
    import mssql_python
    import polars as pl

    mssql_python.pooling(enabled=False)

    def move(address: list[str], target: Path) -> None:
        with closing(mssql_python.connect(_string(*address))) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(QUERY)
            frames = [pl.DataFrame(pl.from_arrow(batch)) for batch in cursor.arrow_reader(ROWS)]
        pl.concat(frames).write_parquet(target / "all.parquet", compression="snappy")

    return move


def arrow_odbc() -> Move:
    """Read Arrow batches with arrow-odbc and let Polars write them."""
    import polars as pl
    from arrow_odbc import read_arrow_batches_from_odbc

    def move(address: list[str], target: Path) -> None:
        text = f"Driver={_driver()};{_string(*address)}"
        reader = read_arrow_batches_from_odbc(query=QUERY, connection_string=text, batch_size=10_000)
        pl.concat(pl.DataFrame(pl.from_arrow(batch)) for batch in reader).write_parquet(
            target / "all.parquet", compression="snappy"
        )

    return move


def pyodbc_fetchmany() -> Move:
    """Fetch rows with pyodbc and make Polars frames of them."""
    import polars as pl

    def move(address: list[str], target: Path) -> None:
        with closing(_connected(address)) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(QUERY)
            names = [column[0] for column in cursor.description]
            frames = [pl.DataFrame(list(map(tuple, rows)), schema=names, orient="row") for rows in _fetched(cursor)]
        pl.concat(frames, how="vertical_relaxed").write_parquet(target / "all.parquet", compression="snappy")

    return move


def pyodbc_alone() -> Move:
    """Fetch rows with pyodbc and throw them away; what is written is one empty column of as many rows."""
    import polars as pl

    def move(address: list[str], target: Path) -> None:
        with closing(_connected(address)) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(QUERY)
            rows = sum(map(len, _fetched(cursor)))
        pl.select(pl.repeat(None, rows).alias("nothing")).write_parquet(target / "all.parquet")

    return move


def read_database() -> Move:
    """Let Polars read over pyodbc batch by batch, as the original hygge did."""
    import polars as pl

    def move(address: list[str], target: Path) -> None:
        with closing(_connected(address)) as connection:
            frames = pl.read_database(QUERY, connection, iter_batches=True, batch_size=50_000)
            pl.concat(frames, how="vertical_relaxed").write_parquet(target / "all.parquet", compression="snappy")

    return move


CONTENDERS = {
    "mssql-python Arrow": arrow_reader,
    "arrow-odbc": arrow_odbc,
    "pyodbc fetchmany": pyodbc_fetchmany,
    "pyodbc, thrown away": pyodbc_alone,
    "polars read_database": read_database,
}


def _string(port: str, user: str, password: str) -> str:
    return f"Server=127.0.0.1,{port};Database=test;UID={user};PWD={{{password}}};Encrypt=no;TrustServerCertificate=yes"


def _connected(address: list[str]) -> Any:
    import pyodbc

    return pyodbc.connect(f"Driver={_driver()};{_string(*address)}", autocommit=True)


def _driver() -> str:
    from hygge_home_mssql.drivers import find_driver

    return find_driver().reference


def _fetched(cursor: Any) -> Iterator[list[Any]]:
    while rows := cursor.fetchmany(ROWS):
        yield rows


def main(name: str, *words: str) -> None:
    """Run one contender and print how long the work took."""
    move = CONTENDERS[name]()
    started = time.perf_counter()
    if words:
        *address, target = words
        move(address, Path(target))
    print(json.dumps({"work": time.perf_counter() - started}))


if __name__ == "__main__":
    main(*sys.argv[1:])
