"""Deleting the folders of past attempts, a moment after readers were pointed elsewhere."""

from __future__ import annotations

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.staging.place import Place


_GRACE_SECONDS = 0.25
"""How long a replaced folder stays: a reader that opened it just before the switch must not find it empty."""


class Retirement:
    """Deletes the stages of committed attempts in the background, each after its grace.

    What cannot be deleted, or is left by a killed process, is swept by the table's next run.
    """

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._expected: set[tuple[Place, str]] = set()
        self._mutex = threading.Lock()
        self._background: ThreadPoolExecutor | None = None

    def retire(self, place: Place, token: str) -> None:
        """Delete the attempt's stage: at once when no file is left in it, else after the grace. Never raises."""
        with contextlib.suppress(OSError):
            if all(entry.is_directory for entry in self._lake.list(place.stage(token), recursive=True)):
                self._lake.delete_directory(place.stage(token))
                return
        with self._mutex:
            self._expected.add((place, token))
            self._background = self._background or ThreadPoolExecutor(1, "hygge-retire")
            self._background.submit(self._delete, place, token, time.monotonic() + _GRACE_SECONDS)

    def expects(self, place: Place, token: str) -> bool:
        """Tell whether the attempt's stage is about to be deleted."""
        with self._mutex:
            return (place, token) in self._expected

    def close(self) -> None:
        """Wait until everything is deleted. Safe to call twice."""
        with self._mutex:
            background, self._background = self._background, None
        if background is not None:
            background.shutdown()

    def _delete(self, place: Place, token: str, due: float) -> None:
        time.sleep(max(due - time.monotonic(), 0))
        with contextlib.suppress(OSError):
            self._lake.delete_directory(place.stage(token))
        with self._mutex:
            self._expected.discard((place, token))
