"""Replace a table while another process reads it, and judge what that process saw."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen
from reader import look


if TYPE_CHECKING:
    from collections.abc import Callable


PATIENCE = 60
"""Seconds to wait for the reader to begin, and to end."""


@frozen(kw_only=True)
class Testimony:
    """How many readings saw the old table, the new one, neither, or met a vanished file."""

    old: int
    new: int
    mixed: int
    vanished: int

    @property
    def good(self) -> bool:
        """Whether both tables were seen, and never anything else."""
        return self.old > 0 and self.new > 0 and self.mixed == 0


def witness(table: Path, rows: int, replace: Callable[[], None]) -> Testimony:
    """Call ``replace`` while a reader reads the table, which must hold ``rows`` rows at every moment."""
    old = look(table)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        program = Path(__file__).with_name("reader.py")
        reader = subprocess.Popen([sys.executable, program, table, folder])
        try:
            wait_for(folder / "ready", reader)
            replace()
        finally:
            (folder / "stop").touch()
            failed = reader.wait(PATIENCE)
        if failed:
            message = f"the reader ended with {failed}; what it said is above"
            raise RuntimeError(message)
        readings = json.loads((folder / "readings.json").read_text("utf-8"))
    return judge(readings, rows=rows, old=old, new=look(table))


def wait_for(file: Path, reader: subprocess.Popen[bytes]) -> None:
    """Wait until the reader has read once."""
    deadline = time.monotonic() + PATIENCE
    while not file.exists():
        if reader.poll() is not None or time.monotonic() > deadline:
            message = "the reader did not begin to read"
            raise RuntimeError(message)
        time.sleep(0.01)


def judge(
    readings: list[dict[str, int] | None], *, rows: int, old: dict[str, int] | None, new: dict[str, int] | None
) -> Testimony:
    """Count the readings by what they saw. A table with other than ``rows`` rows or two loads is a mix."""
    whole = [seen for seen in readings if seen and len(seen) == 1 and sum(seen.values()) == rows]
    vanished = readings.count(None)
    seen_old = whole.count(old) if old != new else 0
    seen_new = whole.count(new)
    return Testimony(
        old=seen_old, new=seen_new, mixed=len(readings) - vanished - seen_old - seen_new, vanished=vanished
    )
