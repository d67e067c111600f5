"""Letting a process stand still, as one does on a machine that was suspended or is out of memory."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterator


POSSIBLE = hasattr(signal, "SIGSTOP")
"""Whether this system can stop a process and let it go on."""


@contextmanager
def stand_still(pid: int, seconds: float) -> Iterator[None]:
    """Stop a process while the context lasts, and for at least so many seconds."""
    began = time.monotonic()
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
        time.sleep(max(began + seconds - time.monotonic(), 0.0))
    finally:
        os.kill(pid, signal.SIGCONT)
