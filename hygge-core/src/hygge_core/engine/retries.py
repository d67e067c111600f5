"""Counting the requests of a run that were made again by the homes and stores themselves."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from attrs import define, field


if TYPE_CHECKING:
    from hygge_core.engine.teller import Teller


@define
class Retries:
    """Counts repetitions and tells of each; what every `hygge_core.plugin.Context` of the run has as ``retried``."""

    _teller: Teller
    count: int = 0
    _mutex: threading.Lock = field(factory=threading.Lock)

    def __call__(self, where: str, why: str, seconds: float) -> None:
        """Take note of one repetition."""
        with self._mutex:
            self.count += 1
        self._teller.say("request.retry", where=where, why=why, seconds=seconds)
