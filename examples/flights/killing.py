"""Kill a run midway, as a power cut would, and look at what is left."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


TRIES = 5
"""How often a run is started that should be killed, should one be quicker than its killer."""


def kill_a_run(folder: Path, state: Path, disturb: Callable[[], object], *words: str) -> bool:
    """Disturb the source and kill the run that moves what changed; again, should a run be quicker than its killer."""
    print(f"\n$ hygge {' '.join(words)}", flush=True)
    for _ in range(TRIES):
        disturb()
        if kill_midway(folder, state, *words):
            return True
    return False


def kill_midway(folder: Path, state: Path, *words: str) -> bool:
    """Start ``hygge`` and kill it as soon as rows are staged; False if it was quicker.

    ``state`` is the folder ``_hygge`` of the store.
    """
    run = subprocess.Popen([sys.executable, "-m", "hygge_core", *words], cwd=folder)
    while run.poll() is None and not holds_rows(state):
        time.sleep(0.002)
    run.kill()
    run.wait()
    return run.returncode != 0 and holds_rows(state)


def holds_rows(state: Path) -> bool:
    """Say whether a run has begun to write rows that nobody sees yet."""
    return any(size(file) for file in state.glob("*/stages/*/data/*.parquet"))


def size(file: Path) -> int:
    """Return the file's size, 0 if it has just gone."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def fingerprints(table: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of the table by its name."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(table.glob("*.parquet"))}
