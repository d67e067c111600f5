"""The time of the test server, which tests may move: leases, tokens and signatures lapse by it."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime


class Clock:
    """The machine's clock, and what a test added to it.

    ``advance`` moves what lapses (leases, tokens, signatures' ends) and nothing else, so that a test need not wait;
    ``skew`` moves what the server says the time is (``Date``, ``Last-Modified``) and what it compares the time
    of a signed request with, as a server whose clock is wrong would. Both are seconds.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._advanced = 0.0
        self.skew = 0.0

    def advance(self, seconds: float) -> None:
        """Let this many seconds pass at once for all that lapses."""
        with self._lock:
            self._advanced += seconds

    def monotonic(self) -> float:
        """Return seconds that only grow, by which leases lapse."""
        return time.monotonic() + self._advanced

    def lapsing(self) -> datetime:
        """Return the time by which tokens and signatures lapse."""
        return datetime.now(UTC) + timedelta(seconds=self._advanced)

    def said(self) -> datetime:
        """Return the time the server says it is."""
        return datetime.now(UTC) + timedelta(seconds=self.skew)


def http_date(moment: datetime) -> str:
    """Write a moment as headers do."""
    return format_datetime(moment, usegmt=True)
