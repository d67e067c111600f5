"""Move lineitem from a TDS server on loopback to Parquet, by ``hygge go`` and by others, and print rows per second.

    python benchmarks/mssql.py --rows 1000000 --rounds 5

Every measurement is a process of its own, and so is the server, which sends blocks that were
made once: what is measured is the client.  Nobody encrypts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import projects
from mssql_contenders import CONTENDERS
from report import table
from rounds import Contender, plain, play, save


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


HERE = Path(__file__).resolve().parent
REFERENCE = "mssql-python Arrow"
ORIGINAL = "polars read_database"


def main() -> None:
    """Measure everybody who can be measured here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--work", type=Path, default=HERE / "work", help="folder for results, on the disk to measure")
    asked = parser.parse_args()
    with served(asked.rows) as address:
        results = play(everybody(address), asked.rounds, asked.work.resolve(), asked.rows)
    save(results, HERE / "results" / f"mssql-{asked.rows}.json", rows=asked.rows, rounds=asked.rounds)
    print(table(plain(results), REFERENCE))
    millions = asked.rows / 1_000_000
    for name, measured in results.items():
        wall, cpu = (median(getattr(each, what) for each in measured) for what in ("wall", "cpu"))
        print(f"{name}: {wall / millions:.2f} s wall and {cpu / millions:.2f} s CPU for a million rows")


@contextmanager
def served(rows: int) -> Iterator[dict[str, str]]:
    """Run the server, and give its address."""
    command = [sys.executable, HERE / "mssql_server.py", str(rows)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout  # noqa: S101 - opened above, for the type checker
        yield {name: str(value) for name, value in json.loads(server.stdout.readline()).items()}
        server.communicate()


def everybody(address: dict[str, str]) -> list[Contender]:
    """Return the peers that are ready, and hygge with both engines."""
    os.environ["HYGGE_BENCH_PASSWORD"] = address["password"]
    return [
        *[peer(name, address) for name in CONTENDERS if is_ready(name)],
        hygge("hygge", address, "arrow"),
        hygge("hygge over pyodbc", address, "pyodbc"),
    ]


def is_ready(name: str) -> bool:
    """Tell whether a peer has all it needs, and say why not."""
    command = [sys.executable, HERE / "mssql_contenders.py", name]
    tried = subprocess.run(command, check=False, capture_output=True, text=True)
    if tried.returncode:
        print(f"{name} is left out: {tried.stderr.strip().splitlines()[-1]}", flush=True)
    return not tried.returncode


def peer(name: str, address: dict[str, str]) -> Contender:
    """Return a contender that is a function of mssql_contenders.py."""

    def prepare(folder: Path) -> Sequence[str | Path]:
        words = (address["port"], address["user"], address["password"])
        return [sys.executable, HERE / "mssql_contenders.py", name, *words, folder]

    return Contender(name=name, prepare=prepare)


def hygge(name: str, address: dict[str, str], engine: str) -> Contender:
    """Return a contender that is ``hygge go``."""
    program = shutil.which("hygge", path=str(Path(sys.executable).parent)) or "hygge"

    def prepare(folder: Path) -> Sequence[str | Path]:
        projects.write(
            folder,
            f"""
            name = "bench"
            [connections.erp]
            type = "mssql"
            server = "127.0.0.1"
            port = {address["port"]}
            database = "test"
            user = "{address["user"]}"
            password = "${{HYGGE_BENCH_PASSWORD}}"
            encrypt = false
            [flows.bench]
            home = {{ type = "mssql", connection = "erp", table = "{{entity}}", engine = "{engine}" }}
            store = {{ type = "parquet", path = "tables/{{entity}}" }}
            entities = ["lineitem"]
            """,
        )
        return [program, "go"]

    return Contender(name=name, prepare=prepare)


if __name__ == "__main__":
    main()
