"""Ctrl-C and its relatives: the first asks the run to stop, the second leaves at once."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from hygge_core.engine import Stop


INTERRUPTED = 130
"""The exit code of a run that was asked to stop."""

SAME_PRESS_SECONDS = 0.3
"""Signals this close together are one press: programs that start hygge often pass on what the terminal sent too."""

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


@contextmanager
def interruptible(stop: Stop, tell: Callable[[], None]) -> Iterator[None]:
    """Turn signals into `Stop.request` while the context lasts, and call ``tell`` for the first.

    ``tell`` runs inside a signal handler, so it must not use buffered streams.
    """
    pressed: list[float] = []

    def handle(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the shape signal wants
        now = time.monotonic()
        if pressed and now - pressed[0] > SAME_PRESS_SECONDS:
            os._exit(INTERRUPTED)
        if not pressed:
            pressed.append(now)
            stop.request()
            tell()

    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def announce_stop() -> None:
    """Say on standard error that the run stops. Safe in a signal handler: past every buffer."""
    words = b"Stopping: tables still on their way stay as they were. Press Ctrl-C again to leave at once.\n"
    with suppress(OSError, ValueError, AttributeError):
        os.write(sys.stderr.fileno(), words)
