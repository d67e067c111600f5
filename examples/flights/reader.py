"""Somebody else who reads the table all the while: counts its rows per load, again and again.

    python reader.py TABLE FOLDER

Makes ``ready`` in the folder after the first reading, goes on until ``stop`` is there, reads once
more, and leaves all its readings in ``readings.json``: a count of rows for each load it saw, or
null where a file vanished between listing and reading.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl


def main(table: Path, folder: Path) -> None:
    """Read until told to stop."""
    readings: list[dict[str, int] | None] = []
    stopping = False
    while not stopping:
        stopping = (folder / "stop").exists()
        readings.append(look(table))
        (folder / "ready").touch()
    (folder / "readings.json").write_text(json.dumps(readings), "utf-8")


def look(table: Path) -> dict[str, int] | None:
    """Count the rows that a reader sees now, for each value of ``loaded_at``; None if a file vanished."""
    try:
        seen = pl.scan_parquet(table / "*.parquet").group_by("loaded_at").len().collect()
    except FileNotFoundError:
        return None
    return {str(loaded): rows for loaded, rows in seen.iter_rows()}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
