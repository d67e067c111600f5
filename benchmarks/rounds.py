"""Rounds of measurements, interleaved so that a slow minute of the machine hits everybody."""

from __future__ import annotations

import json
import os
import platform
import shutil
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen
from count import count
from measure import measure


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from measure import Measurement


@frozen(kw_only=True)
class Contender:
    """What is measured: ``prepare`` fills an empty folder and returns the command to run in it."""

    name: str
    prepare: Callable[[Path], Sequence[str | Path]]


def play(
    contenders: Sequence[Contender], rounds: int, work: Path, rows: int, *, counted: Callable[[Path], int] = count
) -> dict[str, list[Measurement]]:
    """Measure everybody once per round, after one round that does not count; check the rows of each result."""
    results: dict[str, list[Measurement]] = {contender.name: [] for contender in contenders}
    for number in range(rounds + 1):
        for contender in contenders:
            measured = once(contender, work / "run", rows, counted)
            print(f"round {number}  {contender.name:<22} {measured.wall:7.2f} s", flush=True)
            if number:
                results[contender.name].append(measured)
    return results


def once(contender: Contender, folder: Path, rows: int, counted: Callable[[Path], int] = count) -> Measurement:
    """Measure in an empty folder and leave none. Raises if the table does not hold the rows it must."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        measured = measure(contender.prepare(folder), folder)
        found = counted(folder)
        if found != rows:
            raise RuntimeError(f"{contender.name} left {found:,} rows of {rows:,}")
        return measured
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def save(results: dict[str, list[Measurement]], file: Path, **about: object) -> None:
    """Write every measurement, with what it was measured on, as JSON."""
    packages = ("polars", "pyarrow", "duckdb", "hygge-core")
    machine = {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }
    rounds = plain(results)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"about": about, "machine": machine, "rounds": rounds}, indent=1) + "\n", "utf-8")


def plain(results: dict[str, list[Measurement]]) -> dict[str, list[dict[str, Any]]]:
    """Return the measurements as JSON knows them."""
    return {name: [asdict(each) for each in measured] for name, measured in results.items()}
