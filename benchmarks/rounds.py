"""Rounds of measurements, interleaved so that a slow minute of the machine hits everybody."""

from __future__ import annotations

import json
import os
import platform
import shutil
from importlib.metadata import version
from statistics import median
from typing import TYPE_CHECKING

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


def play(contenders: Sequence[Contender], rounds: int, work: Path, rows: int) -> dict[str, list[Measurement]]:
    """Measure everybody once per round, after one round that does not count; check the rows of each result."""
    results: dict[str, list[Measurement]] = {contender.name: [] for contender in contenders}
    for number in range(rounds + 1):
        for contender in contenders:
            measured = once(contender, work / "run", rows)
            print(f"round {number}  {contender.name:<22} {measured.wall:7.2f} s", flush=True)
            if number:
                results[contender.name].append(measured)
    return results


def once(contender: Contender, folder: Path, rows: int) -> Measurement:
    """Measure in an empty folder and leave none. Raises if the table does not hold the rows it must."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        measured = measure(contender.prepare(folder), folder)
        found = count(folder)
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
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }
    rounds = {name: [asdict(each) for each in measured] for name, measured in results.items()}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"about": about, "machine": machine, "rounds": rounds}, indent=1) + "\n", "utf-8")


def table(results: dict[str, list[Measurement]], reference: str) -> str:
    """Return a Markdown table; ratios are the median, lowest and highest over the rounds."""
    lines = [
        f"| | seconds | ratio to {reference} | lowest to highest | work alone | CPU seconds | peak MiB |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, measured in results.items():
        ratios = [one.wall / other.wall for one, other in zip(measured, results[reference], strict=True)]
        works = [each.work for each in measured if each.work is not None]
        lines.append(
            f"| {name} | {median(each.wall for each in measured):.2f} | {median(ratios):.2f} "
            f"| {min(ratios):.2f} to {max(ratios):.2f} | {f'{median(works):.2f}' if works else ''} "
            f"| {median(each.cpu for each in measured):.1f} | {median(each.peak for each in measured) / 2**20:,.0f} |"
        )
    return "\n".join(lines)
