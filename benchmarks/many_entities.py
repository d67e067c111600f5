"""Many tables in one project: what planning and running cost when there is nothing new, table by table.

    python benchmarks/many_entities.py --entities 1000 --rounds 3

Beside hygge stands the bare work: one process that asks every table of the same database for
its highest watermark, over one connection and over one for each.  Then one warm process
measures an incremental run of one table, again with nothing new, beside that one query.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import projects
from bare import ask
from lineitem import HERE
from measure import measure
from report import table
from rounds import plain, save


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from measure import Measurement


BARE, EACH, PLAN, GO = "bare queries", "bare, a connection each", "hygge plan", "hygge go, nothing new"
REPEATS = 200
"""How often the run of one table is measured."""

DATABASE = "source.db"


def main() -> None:
    """Measure all tables together, then one alone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entities", type=int, default=1_000)
    parser.add_argument("--rows", type=int, default=1_000, help="rows of each table")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path, default=HERE / "work", help="folder for data, on the disk to measure")
    asked = parser.parse_args()
    names = [f"table_{number:04}" for number in range(asked.entities)]
    many = project(asked.work.resolve() / "many", names, asked.rows)
    results = play(many, asked.rounds)
    save(results, HERE / "results" / "many_entities.json", entities=asked.entities, rounds=asked.rounds)
    print(table(plain(results), BARE))
    print(per_table(results, asked.entities))
    print(alone(project(asked.work.resolve() / "one", names[:1], asked.rows)))


def project(folder: Path, names: Sequence[str], rows: int) -> Path:
    """Make a database with these tables, a project that follows each, and move them for the first time."""
    shutil.rmtree(folder, ignore_errors=True)
    projects.following(folder, DATABASE, names)
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        for name in names:
            connection.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, changed INTEGER, text TEXT)")
            connection.execute(f"CREATE INDEX {name}_changed ON {name} (changed)")
            insert = f"INSERT INTO {name} VALUES (?, ?, ?)"  # noqa: S608 - our own names
            connection.executemany(insert, ((row, row, f"row {row}") for row in range(rows)))
    measure([hygge(), "go"], folder)
    return folder


def play(folder: Path, rounds: int) -> dict[str, list[Measurement]]:
    """Measure every way once per round, after one round that does not count."""
    ways: dict[str, Sequence[str | Path]] = {
        BARE: [sys.executable, HERE / "bare.py", DATABASE],
        EACH: [sys.executable, HERE / "bare.py", DATABASE, "--each"],
        PLAN: [hygge(), "plan"],
        GO: [hygge(), "go"],
    }
    results: dict[str, list[Measurement]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, command in ways.items():
            measured = measure(command, folder)
            print(f"round {number}  {name:<24} {measured.wall:7.2f} s", flush=True)
            if number:
                results[name].append(measured)
    return results


def per_table(results: dict[str, list[Measurement]], entities: int) -> str:
    """Say what each table costs more than the bare query, in milliseconds."""
    lines = ["| | ms per table | over the bare query |", "|---|--:|--:|"]
    bare = median(each.wall for each in results[BARE]) / entities * 1e3
    for name, measured in results.items():
        each = median(one.wall for one in measured) / entities * 1e3
        lines.append(f"| {name} | {each:.2f} | {each - bare:.2f} |")
    return "\n".join(lines)


def alone(folder: Path) -> str:
    """Measure runs of the only table in this process, whose imports are done, and the bare query between them."""
    once = projects.runner(folder)
    once()
    query, run = [], []
    for _ in range(REPEATS):
        query.append(seconds(lambda: ask(str(folder / DATABASE), each=False)))
        run.append(seconds(once))
    bare, hygge = median(query) * 1e3, median(run) * 1e3
    return f"one table with nothing new: {hygge:.2f} ms, {hygge - bare:.2f} ms over the bare query of {bare:.2f} ms"


def seconds(work: Callable[[], object]) -> float:
    """Time one call."""
    started = perf_counter()
    work()
    return perf_counter() - started


def hygge() -> str:
    """Return the command of this environment."""
    return shutil.which("hygge", path=str(Path(sys.executable).parent)) or "hygge"


if __name__ == "__main__":
    main()
