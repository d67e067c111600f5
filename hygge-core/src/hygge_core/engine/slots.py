"""How many tables are at work at once; one that only waits for a server lends its slot to another."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.engine.stop import Stop


class Slots:
    """The slots of a run, ``count`` of them, each held by the thread of one table."""

    def __init__(self, count: int, stop: Stop) -> None:
        self._free = threading.Semaphore(count)
        self._stop = stop
        self._mine = threading.local()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold a slot while the context lasts, waiting for a free one first."""
        with self._free:
            self._mine.held = True
            try:
                yield
            finally:
                self._mine.held = False

    def pause(self, seconds: float) -> None:
        """Let time pass without the slot that this thread holds. Raises `Interrupted` once the run should stop."""
        held = getattr(self._mine, "held", False)
        if held:
            self._free.release()
        try:
            self._stop.wait(seconds)
        finally:
            if held:
                self._free.acquire()
        self._stop.check()
