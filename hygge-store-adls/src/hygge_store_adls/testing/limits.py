"""How slow a test server is: latency for each request, and bandwidth that all connections share."""

from __future__ import annotations

import threading
import time

from attrs import frozen


@frozen(kw_only=True)
class Limits:
    """``latency`` in seconds before each answer; ``upload`` and ``download`` in bytes a second, None for no bound."""

    latency: float = 0.0
    upload: float | None = None
    download: float | None = None


class Bucket:
    """Bandwidth that connections share: each taker waits until its bytes would have gone through."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free_at = 0.0

    def take(self, size: int, rate: float) -> float:
        """Reserve room for so many bytes at this rate; return for how many seconds to wait for it."""
        with self._lock:
            now = time.monotonic()
            self._free_at = max(self._free_at, now) + size / rate
            return self._free_at - now
