"""Telling listeners what happens: stamps events and hands them over one at a time."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog
from attrs import define, field

from hygge_core.engine.events import Event


if TYPE_CHECKING:
    from hygge_core.engine.events import Emit, Kind, Value


_PROGRESS_SECONDS = 0.25


@define
class Teller:
    """Emits the events of one run, one at a time. A listener that raises is logged, and the tables go on."""

    run: str
    emit: Emit
    _mutex: threading.Lock = field(factory=threading.Lock)

    def say(self, kind: Kind, flow: str = "", entity: str = "", **data: Value) -> None:
        """Emit one event."""
        event = Event(kind=kind, run=self.run, at=datetime.now(UTC), flow=flow, entity=entity, data=data)
        with self._mutex:
            try:
                self.emit(event)
            except Exception:  # noqa: BLE001 - what shows a run must not be able to end it
                structlog.get_logger("hygge").exception("listener failed", kind=kind)

    def of(self, flow: str, entity: str) -> TableTeller:
        """Return the teller of one table."""
        return TableTeller(self, flow, entity)


@define
class TableTeller:
    """Emits the events of one table run, and counts what passes."""

    _teller: Teller
    flow: str
    entity: str
    rows: int = 0
    size: int = 0
    _due: float = 0.0
    _mutex: threading.Lock = field(factory=threading.Lock)

    def say(self, kind: Kind, **data: Value) -> None:
        """Emit one event of this table."""
        self._teller.say(kind, self.flow, self.entity, **data)

    def start(self) -> None:
        """Begin to count, again with each attempt."""
        self.rows = self.size = 0

    def passed(self, rows: int, size: int) -> None:
        """Count rows and bytes that went by, and tell of them a few times a second."""
        with self._mutex:
            self.rows += rows
            self.size += size
        now = time.monotonic()
        if now >= self._due:
            self._due = now + _PROGRESS_SECONDS
            self.say("table.progress", rows=self.rows, bytes=self.size)
