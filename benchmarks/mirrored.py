"""The tables that a landing zone is measured with: lineitem of TPC-H, and the same with one row in a hundred changed.

    python mirrored.py make FOLDER 10M
    python mirrored.py count LANDINGZONE

Both in a process of their own, so that their memory does not show as that of the programs that are measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import data


if TYPE_CHECKING:
    import polars as pl


SIZES = {"1M": ("1M", 1_000_000), "5M": ("6M", 5_000_000), "10M": ("60M", 10_000_000)}
"""What to take the rows from, and how many."""

ONE_IN = 100


def lineitem(work: Path, size: str) -> tuple[Path, Path]:
    """Make the table before and after its changes, once, and return the two folders."""
    data.lineitem(work, SIZES[size][0])
    subprocess.run([sys.executable, __file__, "make", work, size], check=True)
    return work / f"mirrored-{size}" / "before", work / f"mirrored-{size}" / "after"


def loaded(zone: Path, rows: int) -> int:
    """Return the rows of a zone's loads. Raises unless its changes, where there are any, are those of the table."""
    said = subprocess.run([sys.executable, __file__, "count", zone], check=True, capture_output=True, text=True)
    found = json.loads(said.stdout)
    if found["changes"] not in (0, rows // ONE_IN):
        raise RuntimeError(f"{zone} has {found['changes']:,} changes")
    return int(found["loads"])


def make(work: Path, size: str) -> None:
    """Write both tables, unless they are there."""
    import polars as pl

    larger, rows = SIZES[size]
    number = pl.int_range(pl.len()) % ONE_IN
    changed = pl.when(number == 0).then(pl.col("l_quantity") + 1).otherwise("l_quantity").alias("l_quantity")
    frame = pl.scan_parquet(work / f"lineitem-{larger}" / "*.parquet").head(rows)
    write(work / f"mirrored-{size}" / "before", frame)
    after = frame.with_columns(changed.cast(frame.collect_schema()["l_quantity"]))
    write(work / f"mirrored-{size}" / "after", after)


def write(folder: Path, frame: pl.LazyFrame) -> None:
    """Write the one file of a folder, unless it is there."""
    file = folder / "lineitem.parquet"
    if file.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    frame.sink_parquet(file.with_suffix(".unfinished"), compression="snappy")
    file.with_suffix(".unfinished").rename(file)


def tally(zone: Path) -> dict[str, int]:
    """Add up the footers of published files."""
    import pyarrow.parquet as pq

    rows = {"loads": 0, "changes": 0}
    for file in (zone / "dbo.schema" / "lineitem").glob("*.parquet"):
        footer = pq.read_metadata(file)
        kind = "changes" if "__rowMarker__" in footer.schema.names else "loads"
        rows[kind] += footer.num_rows
    return rows


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), sys.argv[3])
    else:
        print(json.dumps(tally(Path(sys.argv[2]))))
