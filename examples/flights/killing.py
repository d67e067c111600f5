"""Kill a run midway, as a power cut would, and look at what is left."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from pathlib import Path


def kill_midway(folder: Path, table: Path, *words: str) -> bool:
    """Start ``hygge`` and kill it as soon as rows of the table are staged; False if it was quicker."""
    stages = table.parent / "_hygge" / table.name / "stages"
    run = subprocess.Popen([sys.executable, "-m", "hygge_core", *words], cwd=folder)
    while run.poll() is None and not holds_rows(stages):
        time.sleep(0.002)
    run.kill()
    run.wait()
    return run.returncode != 0 and holds_rows(stages)


def holds_rows(stages: Path) -> bool:
    """Say whether a run has begun to write rows that nobody sees yet."""
    return any(size(file) for file in stages.glob("*/data/*.parquet"))


def size(file: Path) -> int:
    """Return the file's size, 0 if it has just gone."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def fingerprints(table: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of the table by its name."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(table.glob("*.parquet"))}
