"""Count the rows of all Parquet files below a folder that readers would see.

    python count.py FOLDER

A program of its own, so that what it imports does not show as memory of the programs that
are measured: a process begins with the peak of the one that started it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def count(folder: Path) -> int:
    """Start this program and return what it counts."""
    said = subprocess.run([sys.executable, __file__, folder], check=True, capture_output=True, text=True)
    return int(said.stdout)


def main(folder: Path) -> None:
    """Add up the footers."""
    import pyarrow.parquet as pq

    names = (file.relative_to(folder) for file in folder.rglob("*.parquet"))
    visible = [folder / name for name in names if not any(part.startswith("_") for part in name.parts)]
    print(sum(pq.read_metadata(file).num_rows for file in visible))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
