"""How much memory a run may use, and what that means for one batch."""

from __future__ import annotations


_SHARE_OF_FREE = 0.5
_BATCHES_IN_FLIGHT = 8
_SMALLEST, _LARGEST = 1 << 20, 64 << 20


def run_budget(configured: int | None) -> int:
    """Return the bytes for a whole run: as configured, else half of what is free now."""
    if configured is not None:
        return configured
    import psutil

    return int(psutil.virtual_memory().available * _SHARE_OF_FREE)


def batch_bytes(budget: int, concurrency: int) -> int:
    """Return how large one batch may be when each table has several in flight, between 1 and 64 MiB."""
    return max(_SMALLEST, min(_LARGEST, budget // (concurrency * _BATCHES_IN_FLIGHT)))
