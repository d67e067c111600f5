"""What a record of the journal costs to write, to read and to merge.

python benchmarks/journal.py [records]
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hygge_core.journal import Journal, JournalRecord
from hygge_core.journal.lines import encode
from hygge_core.lakes.local import LocalLake


if TYPE_CHECKING:
    from collections.abc import Iterator


def main() -> None:
    """Time each step on a new journal in the folder for temporary files."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), count)


def measure(folder: Path, count: int) -> None:
    """Write, read and merge so many records, and print what each of them cost."""
    journal = Journal(LocalLake(folder / "journal"))
    with timed("append", count):
        for number in range(count):
            journal.append(a_record(number))
    with timed("the same, waiting for the disk", count):
        write_durably(LocalLake(folder / "durable"), count)
    with timed("read one by one", count):
        list(journal.records())
    with timed("merge", count):
        journal.compact()
    with timed("read from a segment", count):
        list(journal.records())


def a_record(number: int) -> JournalRecord:
    """Make a record as long as those of real runs."""
    now = datetime.now(UTC)
    told = {"source": "sql01.corp.local/erp/dbo.Account", "target": "/data/settled/Account", "hygge": "0.1.0"}
    return JournalRecord(
        id="", kind="run", run="r", flow="erp", entity=f"e{number}", started=now, finished=now, state="kept", **told
    )


def write_durably(lake: LocalLake, count: int) -> None:
    """Write files as a commit does, each on the disk before the next."""
    for number in range(count):
        lake.put(f"records/{number}.ndjson", encode(a_record(number)), if_absent=True)


@contextmanager
def timed(what: str, count: int) -> Iterator[None]:
    """Print what one of so many took."""
    began = time.perf_counter()
    yield
    print(f"{what:40}{(time.perf_counter() - began) / count * 1e3:8.3f} ms a record")


if __name__ == "__main__":
    main()
