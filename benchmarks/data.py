"""The tables that get measured: lineitem of TPC-H, made by tpchgen-cli."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


SIZES = {"1M": (1 / 6, 1), "6M": (1, 1), "60M": (10, 10)}
"""Scale factor and number of files for each size, named after its rows."""

ENTITIES = 20


def lineitem(work: Path, size: str) -> Path:
    """Make the table once, as snappy Parquet in one file or ten, and return its folder."""
    scale, parts = SIZES[size]
    return generate(work / f"lineitem-{size}", scale=scale, parts=parts)


def entities(work: Path) -> Path:
    """Make the 6M rows as 20 files, to be moved as 20 entities, and return their folder."""
    return generate(work / f"entities-{ENTITIES}", scale=1, parts=ENTITIES)


def generate(folder: Path, *, scale: float, parts: int) -> Path:
    """Run tpchgen-cli, unless the folder is already complete."""
    if folder.is_dir():
        return folder
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    program = shutil.which("tpchgen-cli", path=str(Path(sys.executable).parent)) or "tpchgen-cli"
    several = [f"--parts={parts}"] if parts > 1 else []
    subprocess.run(
        [program, "parquet", f"-s{scale}", "--tables=lineitem", *several, f"--output-dir={unfinished}"], check=True
    )
    made = unfinished / "lineitem" if several else unfinished
    made.rename(folder)
    shutil.rmtree(unfinished, ignore_errors=True)
    return folder
