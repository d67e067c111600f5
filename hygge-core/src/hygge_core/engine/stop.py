"""Asking a run to stop, from a signal handler or another thread."""

from __future__ import annotations

import threading

from hygge_core.errors import Interrupted


class Stop:
    """A request to stop that every table run looks at between batches."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def request(self) -> None:
        """Ask the run to stop: stages are swept, old tables stay. Safe in a signal handler."""
        self._asked.set()

    @property
    def requested(self) -> bool:
        """Whether the run was asked to stop."""
        return self._asked.is_set()

    def check(self) -> None:
        """Raise `Interrupted` when the run was asked to stop."""
        if self.requested:
            raise Interrupted("was stopped before its commit", fix="the old table is as it was; run again when ready")
