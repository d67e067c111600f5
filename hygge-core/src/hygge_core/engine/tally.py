"""A count that several threads add to."""

from __future__ import annotations

import threading

from attrs import define, field


@define
class Tally:
    """Rows that went by."""

    rows: int = 0
    _mutex: threading.Lock = field(factory=threading.Lock, repr=False)

    def add(self, rows: int) -> None:
        """Count some more."""
        with self._mutex:
            self.rows += rows
