"""One measurement: a program in a process of its own, with its time, its CPU time and its peak memory.

Needs a system with ``wait4``, which is to say Linux or macOS.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@frozen(kw_only=True)
class Measurement:
    """Seconds of the whole process, seconds of CPU, bytes of peak memory, and seconds of the work alone.

    ``work`` begins after the imports; it is None for programs that do not tell.
    """

    wall: float
    cpu: float
    peak: int
    work: float | None


def measure(command: Sequence[str | Path], cwd: Path) -> Measurement:
    """Run the program to its end, after what the system still had to write. Raises if it fails."""
    os.sync()
    log = cwd / "output.txt"
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command], cwd=cwd, stdout=output, stderr=subprocess.STDOUT, env=_compiled(cwd.parent)
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    said = log.read_text("utf-8", "replace")
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{said}")
    return Measurement(
        wall=wall, cpu=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss * _RSS_UNIT, work=_work(said)
    )


def _compiled(folder: Path) -> dict[str, str]:
    """Keep compiled modules for all alike, as pip leaves them with those who install packages.

    A container that forbids it, as many do, would have every process compile a thousand modules anew.
    """
    allowed = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {"PYTHONPYCACHEPREFIX": str(folder / "bytecode"), **allowed}


def _work(said: str) -> float | None:
    last = said.rstrip().rpartition("\n")[2]
    return json.loads(last)["work"] if last.startswith('{"work"') else None
