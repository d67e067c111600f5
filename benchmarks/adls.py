"""Upload 5 GiB through a test server that takes 100 MB/s, by ``hygge go`` and by the Azure client alone.

    python benchmarks/adls.py --gib 5 --rate 100 --rounds 3

The server is a process of its own, new for each measurement, and keeps all it gets in memory: 5 GiB
need as much of it.  ``--memory`` is hygge's ``max_memory``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

import projects
from adls_files import PART_ROWS
from attrs import asdict
from report import table
from rounds import Contender, plain, play, save

from hygge_store_adls.testing import Limits, start_server


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_store_adls.testing.process import Address


HERE = Path(__file__).resolve().parent
REFERENCE = "azure client"
PLAIN = 'compression = "uncompressed"'
FILES = (sys.executable, HERE / "adls_files.py")


def main() -> None:
    """Measure the client alone, then hygge on both of its roads for files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gib", type=int, default=5)
    parser.add_argument("--rate", type=float, default=100, help="MB/s that the server takes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", default="512MiB")
    parser.add_argument("--work", type=Path, default=HERE / "work")
    asked = parser.parse_args()
    work = asked.work.resolve()
    source = numbers(work, asked.gib)
    with Service(asked.rate * 1e6) as service:
        contenders = [
            client(service, source),
            hygge("hygge, files as they are", service, source, asked.memory, f'{PLAIN}, file_size = "1GiB"'),
            hygge("hygge, written anew", service, source, asked.memory, f'{PLAIN}, file_size = "100MiB"'),
        ]
        rows = PART_ROWS * asked.gib * 2
        results = play(contenders, asked.rounds, work, rows, counted=lambda _: service.rows())
    about = {"rounds": asked.rounds, "rate": f"{asked.rate:g} MB/s", "max_memory": asked.memory}
    save(results, HERE / "results" / f"adls-{asked.gib}GiB.json", **about)
    print(table(plain(results), REFERENCE))


def numbers(work: Path, gib: int) -> Path:
    """Make the files once and return their folder."""
    folder = work / f"numbers-{gib}GiB"
    if not folder.is_dir():
        unfinished = folder.with_name(folder.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        subprocess.run([*FILES, "make", unfinished, str(gib)], check=True)
        unfinished.rename(folder)
    return folder


class Service:
    """The test server in a process of its own, started anew for each measurement."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._running = ExitStack()
        self._address = ""

    def renew(self) -> Address:
        """End the server and start an empty one; returns where it is."""
        self._running.close()
        address = self._running.enter_context(start_server())
        address.control.limit(Limits(upload=self._rate))
        self._address = json.dumps(asdict(address))
        return address

    def rows(self) -> int:
        """Count the rows that readers see."""
        said = subprocess.run([*FILES, "count", self._address], check=True, capture_output=True, text=True)
        return int(said.stdout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()


def client(service: Service, source: Path) -> Contender:
    """Return the Azure client alone: one file after the other, each in parallel blocks."""

    def prepare(_: Path) -> Sequence[str | Path]:
        return [*FILES, "upload", source, json.dumps(asdict(service.renew()))]

    return Contender(name=REFERENCE, prepare=prepare)


def hygge(name: str, service: Service, source: Path, memory: str, store: str) -> Contender:
    """Return a contender that is ``hygge go``."""
    program = shutil.which("hygge", path=str(Path(sys.executable).parent)) or "hygge"

    def prepare(folder: Path) -> Sequence[str | Path]:
        address = service.renew()
        projects.write(
            folder,
            f"""
            name = "bench"
            [options]
            max_memory = "{memory}"
            [connections.lake]
            type = "adls"
            endpoint = "{address.url}"
            account = "{address.account}"
            container = "{address.container}"
            credential = "account_key"
            account_key = "{address.key}"
            [flows.bench]
            home = {{ type = "parquet", path = "{source.as_posix()}" }}
            store = {{ type = "adls", connection = "lake", path = "raw/{{entity}}", {store} }}
            entities = ["numbers"]
            """,
        )
        return [program, "go"]

    return Contender(name=name, prepare=prepare)


if __name__ == "__main__":
    main()
