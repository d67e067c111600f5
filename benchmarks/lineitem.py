"""Move lineitem of TPC-H in every way there is, side by side, and print the ratios to Polars' own sink.

    python benchmarks/lineitem.py --rows 6M --rounds 5

Each measurement is a process of its own.  The figures go to ``benchmarks/results/`` as JSON
and to the terminal as a Markdown table for docs/performance.md.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import contenders
import data
import projects
from count import count
from report import table
from rounds import Contender, plain, play, save


if TYPE_CHECKING:
    from collections.abc import Sequence


HERE = Path(__file__).resolve().parent
REFERENCE = "polars sink"


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", choices=data.SIZES, default="6M")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="names of contenders, separated by commas; the reference is always there")
    parser.add_argument(
        "--work", type=Path, default=HERE / "work", help="folder for data and results, on the disk to measure"
    )
    asked = parser.parse_args()
    source = data.lineitem(asked.work.resolve(), asked.rows)
    chosen = [each for each in everybody(source) if not asked.only or each.name in {REFERENCE, *asked.only.split(",")}]
    results = play(chosen, asked.rounds, asked.work.resolve(), count(source))
    save(results, HERE / "results" / f"lineitem-{asked.rows}.json", rows=asked.rows, rounds=asked.rounds)
    print(table(plain(results), REFERENCE))


def everybody(source: Path) -> list[Contender]:
    """Return all contenders, the peers first."""
    return [
        *[peer(name, source) for name in contenders.CONTENDERS],
        hygge("hygge straight", source, store=projects.STRAIGHT),
        hygge("hygge straight, engine", source, store=projects.STRAIGHT, engine=True),
        hygge("hygge pass-through", source),
        hygge("hygge pass-through by pages", source, store=projects.PAGES),
        hygge("hygge polish + hash", source, flow=projects.HASH),
        hygge("hygge polish, engine", source, flow=projects.HASH, engine=True),
    ]


def peer(name: str, source: Path) -> Contender:
    """Return a contender that is a function of contenders.py."""

    def prepare(folder: Path) -> Sequence[str | Path]:
        return [sys.executable, HERE / "contenders.py", name, source, folder]

    return Contender(name=name, prepare=prepare)


def hygge(name: str, source: Path, *, store: str = "", flow: str = "", engine: bool = False) -> Contender:
    """Return a contender that is ``hygge go`` in a project, or the engine alone."""
    program = shutil.which("hygge", path=str(Path(sys.executable).parent)) or "hygge"

    def prepare(folder: Path) -> Sequence[str | Path]:
        projects.single(folder, source, store=store, flow=flow)
        return [sys.executable, HERE / "projects.py", folder] if engine else [program, "go"]

    return Contender(name=name, prepare=prepare)


if __name__ == "__main__":
    main()
