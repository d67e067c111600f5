"""Move 20 tables, eight at once and one by one.

python benchmarks/entities.py --rounds 5
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import data
import projects
from count import count
from lineitem import HERE
from report import table
from rounds import Contender, plain, play, save


if TYPE_CHECKING:
    from collections.abc import Sequence


def main() -> None:
    """Measure both ways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--work", type=Path, default=HERE / "work", help="folder for data and results, on the disk to measure"
    )
    asked = parser.parse_args()
    source = data.entities(asked.work.resolve())
    one_by_one, at_once = go(source, 1), go(source, 8)
    results = play([one_by_one, at_once], asked.rounds, asked.work.resolve(), count(source))
    save(results, HERE / "results" / "entities.json", entities=data.ENTITIES, rounds=asked.rounds)
    print(table(plain(results), one_by_one.name))


def go(source: Path, concurrency: int) -> Contender:
    """Return ``hygge go`` with so many tables at once."""
    program = shutil.which("hygge", path=str(Path(sys.executable).parent)) or "hygge"

    def prepare(folder: Path) -> Sequence[str | Path]:
        projects.many(folder, source)
        return [program, "go", "--concurrency", str(concurrency)]

    return Contender(name=f"concurrency {concurrency}", prepare=prepare)


if __name__ == "__main__":
    main()
