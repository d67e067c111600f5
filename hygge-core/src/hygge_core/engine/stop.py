"""Asking a run to stop, from a signal handler or another thread."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hygge_core.errors import Interrupted


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Stop:
    """A request to stop that every table run looks at between batches."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._listeners: list[Callable[[], None]] = []

    def request(self) -> None:
        """Ask the run to stop: stages are swept, old tables stay. Safe in a signal handler."""
        self._asked.set()
        for listener in tuple(self._listeners):
            listener()

    @contextmanager
    def telling(self, listener: Callable[[], None]) -> Iterator[None]:
        """Have a listener called as soon as the run is asked to stop, while the context lasts; it must not raise.

        It is called on the thread of whoever asks, a signal handler too.
        """
        self._listeners.append(listener)  # appending and removing are single steps for every thread
        try:
            if self.requested:
                listener()
            yield
        finally:
            self._listeners.remove(listener)

    @property
    def requested(self) -> bool:
        """Whether the run was asked to stop."""
        return self._asked.is_set()

    def wait(self, seconds: float) -> None:
        """Let time pass, less of it when the run is asked to stop."""
        self._asked.wait(seconds)

    def check(self) -> None:
        """Raise `Interrupted` when the run was asked to stop."""
        if self.requested:
            raise Interrupted("was stopped before its commit", fix="the old table is as it was; run again when ready")
