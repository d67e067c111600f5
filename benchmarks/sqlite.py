"""Move lineitem of TPC-H from SQLite to Parquet, by ``hygge go`` and by others, and print rows per second.

    python benchmarks/sqlite.py --rows 1M --rounds 5

Every measurement is a process of its own.  hygge makes dates and decimals of what the table
declares; "as stored" leaves them text and floats, as the others do.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import data
import projects
from count import count
from report import table
from rounds import Contender, plain, play, save
from sqlite_contenders import CONTENDERS


if TYPE_CHECKING:
    from collections.abc import Sequence


HERE = Path(__file__).resolve().parent
REFERENCE = "polars read_database"
DECLARED = {"Int64": "BIGINT", "Int32": "INTEGER", "Decimal": "DECIMAL(15, 2)", "Date": "DATE", "String": "VARCHAR"}
PLAIN = {"Decimal": "float64", "Date": "text"}


def main() -> None:
    """Measure everybody who can be measured here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", choices=data.SIZES, default="1M")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--work", type=Path, default=HERE / "work", help="folder for data and results, on the disk to measure"
    )
    parser.add_argument(
        "--duckdb",
        default=sys.executable,
        help="a Python that has duckdb with its sqlite extension, if this one has not",
    )
    asked = parser.parse_args()
    work = asked.work.resolve()
    source = data.lineitem(work, asked.rows)
    database, rows = filled(source), count(source)
    results = play(everybody(source, database, asked.duckdb), asked.rounds, work, rows)
    save(results, HERE / "results" / f"sqlite-{asked.rows}.json", rows=asked.rows, rounds=asked.rounds)
    print(table(plain(results), REFERENCE))
    for name, measured in results.items():
        print(f"{name}: {rows / median(each.wall for each in measured):,.0f} rows/s")


def everybody(source: Path, database: Path, duckdb: str) -> list[Contender]:
    """Return the peers that are ready, and hygge with and without the declared types."""
    stored = ", ".join(f'{name} = "{PLAIN[kind]}"' for name, kind in kinds(source).items() if kind in PLAIN)
    peers = [(name, duckdb if name == "duckdb" else sys.executable) for name in CONTENDERS]
    return [
        *[peer(name, database, python) for name, python in peers if is_ready(name, python)],
        hygge("hygge", database),
        hygge("hygge, as stored", database, f", columns = {{ {stored} }}"),
    ]


def is_ready(name: str, python: str) -> bool:
    """Tell whether a peer has all it needs, and say why not."""
    tried = subprocess.run([python, HERE / "sqlite_contenders.py", name], check=False, capture_output=True, text=True)
    if tried.returncode:
        reasons = [line for line in tried.stderr.splitlines() if line and not line.startswith((" ", "Traceback"))]
        print(f"{name} is left out: {reasons[0]}", flush=True)
    return not tried.returncode


def peer(name: str, database: Path, python: str) -> Contender:
    """Return a contender that is a function of sqlite_contenders.py."""

    def prepare(folder: Path) -> Sequence[str | Path]:
        return [python, HERE / "sqlite_contenders.py", name, database, folder]

    return Contender(name=name, prepare=prepare)


def hygge(name: str, database: Path, columns: str = "") -> Contender:
    """Return a contender that is ``hygge go``."""
    program = shutil.which("hygge", path=str(Path(sys.executable).parent)) or "hygge"

    def prepare(folder: Path) -> Sequence[str | Path]:
        projects.write(
            folder,
            f"""
            name = "bench"
            [flows.bench]
            home = {{ type = "sqlite", path = "{database.as_posix()}"{columns} }}
            store = {{ type = "parquet", path = "tables/{{entity}}" }}
            entities = ["lineitem"]
            """,
        )
        return [program, "go"]

    return Contender(name=name, prepare=prepare)


def filled(source: Path) -> Path:
    """Put the table into a SQLite file beside its folder, once."""
    database = source.with_suffix(".db")
    if not database.exists():
        unfinished = database.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        subprocess.run([sys.executable, __file__, "fill", source, unfinished], check=True)
        unfinished.rename(database)
    return database


def fill(source: Path, database: Path) -> None:
    """Write all rows, decimals as reals and dates as text. A process of its own, for the memory that it takes."""
    import polars as pl
    import polars.selectors as cs

    declared = ", ".join(f"{name} {DECLARED[kind]}" for name, kind in kinds(source).items())
    rows = pl.scan_parquet(source / "*.parquet").with_columns(cs.decimal().cast(float), cs.date().cast(str))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"CREATE TABLE lineitem ({declared})")
        places = ", ".join("?" * len(rows.collect_schema()))
        for batch in rows.collect_batches(chunk_size=100_000):
            connection.executemany(f"INSERT INTO lineitem VALUES ({places})", batch.iter_rows())  # noqa: S608 - ours
        connection.commit()


def kinds(source: Path) -> dict[str, str]:
    """Return the kind of each column."""
    import polars as pl

    return {
        name: str(dtype.base_type()) for name, dtype in pl.scan_parquet(source / "*.parquet").collect_schema().items()
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main()
