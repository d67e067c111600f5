"""Publish lineitem of TPC-H into a landing zone, replace it, and replay it, beside plain Parquet in the same minute.

    python benchmarks/openmirroring.py --rows 6M --rows-replaced 10M --rounds 3

The first table of figures is a first load, the second what a table that is published already costs to replace
when one row in a hundred has changed, and what the replicator needs for it.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import data
import mirrored
import projects
from count import count
from lineitem import hygge, peer
from report import table
from rounds import Contender, plain, play, save


if TYPE_CHECKING:
    from collections.abc import Sequence

    from measure import Measurement


HERE = Path(__file__).resolve().parent
PROGRAM = shutil.which("hygge", path=str(Path(sys.executable).parent)) or "hygge"
LOADED, REPLACED = "polars sink", "rebuild"
ZONE = 'type = "open_mirroring", landing_zone = "file:LandingZone", key_columns = ["l_orderkey", "l_linenumber"]'


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", choices=data.SIZES, default="6M")
    parser.add_argument("--rows-replaced", choices=mirrored.SIZES, default="10M")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("load", "replace"), help="one of the two")
    parser.add_argument(
        "--work", type=Path, default=HERE / "work", help="folder for data and results, on the disk to measure"
    )
    asked = parser.parse_args()
    work = asked.work.resolve()
    if asked.only != "replace":
        load(work, asked.rows, asked.rounds)
    if asked.only != "load":
        replace(work, asked.rows_replaced, asked.rounds)


def load(work: Path, size: str, rounds: int) -> None:
    """Measure a first load: Polars alone, the Parquet store, and a landing zone, files of the same size."""
    source = data.lineitem(work, size)
    contenders = [
        peer(LOADED, source),
        hygge("hygge, store parquet", source, store=projects.STRAIGHT),
        go("hygge, open_mirroring", source, projects.STRAIGHT),
        go("hygge, remember_keys", source, f"{projects.STRAIGHT}, remember_keys = true"),
    ]
    rows = count(source)
    results = play(contenders, rounds, work, rows)
    tell(results, f"openmirroring-{size}", LOADED, rows, rounds)


def replace(work: Path, size: str, rounds: int) -> None:
    """Measure a second full load with one row in a hundred changed, and the replicator on either side of it."""
    before, after = mirrored.lineitem(work, size)
    anew = published(work, before, "rebuild")
    known = published(work, before, "diff")
    rows = count(before)
    contenders = [
        again(REPLACED, anew, after, 'replace = "rebuild", drop_wait = 0'),
        again("diff", known, after, 'replace = "diff"'),
        replay("simulate, first load", anew),
        replay("simulate, with the difference", differing(work, known, after)),
    ]
    results = play(contenders, rounds, work, rows, counted=lambda folder: mirrored.loaded(folder / "LandingZone", rows))
    tell(results, f"openmirroring-replace-{size}", REPLACED, rows, rounds)


def tell(results: dict[str, list[Measurement]], name: str, reference: str, rows: int, rounds: int) -> None:
    """Save the figures and print them."""
    save(results, HERE / "results" / f"{name}.json", rows=rows, rounds=rounds)
    print(table(plain(results), reference))
    for contender, measured in results.items():
        print(f"{contender}: {rows / median(each.wall for each in measured):,.0f} rows/s")


def project(folder: Path, source: Path, store: str) -> None:
    """Write a project that publishes the files of a folder as one table."""
    projects.write(
        folder,
        f"""
        name = "bench"
        [flows.bench]
        home = {{ type = "parquet", path = "{source.as_posix()}" }}
        store = {{ {ZONE}, {store} }}
        entities = ["lineitem"]
        """,
    )


def go(name: str, source: Path, store: str) -> Contender:
    """Return ``hygge go`` into an empty landing zone."""

    def prepare(folder: Path) -> Sequence[str | Path]:
        project(folder, source, store)
        return [PROGRAM, "go"]

    return Contender(name=name, prepare=prepare)


def again(name: str, there: Path, source: Path, store: str) -> Contender:
    """Return ``hygge go`` into a copy of a landing zone that holds the table as it was."""

    def prepare(folder: Path) -> Sequence[str | Path]:
        shutil.copytree(there, folder, dirs_exist_ok=True)
        project(folder, source, store)
        return [PROGRAM, "go"]

    return Contender(name=name, prepare=prepare)


def replay(name: str, there: Path) -> Contender:
    """Return ``hygge mirror simulate`` of a copy of a landing zone, from its first file."""

    def prepare(folder: Path) -> Sequence[str | Path]:
        shutil.copytree(there, folder, dirs_exist_ok=True)
        return [PROGRAM, "mirror", "simulate", "LandingZone"]

    return Contender(name=name, prepare=prepare)


def published(work: Path, source: Path, how: str) -> Path:
    """Publish a table, unmeasured, and return the folder of its project."""
    folder = work / f"published-{how}"
    shutil.rmtree(folder, ignore_errors=True)
    project(folder, source, f'replace = "{how}"')
    subprocess.run([PROGRAM, "go"], cwd=folder, check=True)
    return folder


def differing(work: Path, there: Path, source: Path) -> Path:
    """Publish the difference, unmeasured, and return the folder of that project."""
    folder = work / "published-difference"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(there, folder)
    project(folder, source, 'replace = "diff"')
    subprocess.run([PROGRAM, "go"], cwd=folder, check=True)
    return folder


if __name__ == "__main__":
    main()
