"""Where each table of a run stands, kept up to date by events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field, frozen


if TYPE_CHECKING:
    from datetime import datetime

    from hygge_core.engine.events import Event


STATES = {
    "table.waiting": "waiting",
    "table.started": "moving",
    "table.progress": "moving",
    "table.staged": "settling",
    "table.retry": "retrying",
    "table.committed": "settled",
    "table.kept": "kept",
    "table.failed": "failed",
    "table.stopped": "stopped",
}
"""The state that a table is in after an event of each kind; other kinds change nothing."""

MOVING = ("moving", "settling", "retrying")


@frozen(kw_only=True)
class Standing:
    """One table at one moment. ``size`` is in bytes, of memory while moving and stored when settled."""

    name: str
    state: str = "waiting"
    rows: int = 0
    size: int = 0
    since: datetime | None = None
    seconds: float | None = None

    def elapsed(self, now: datetime) -> float:
        """Count the seconds that the table has taken, or took."""
        if self.seconds is not None:
            return self.seconds
        return (now - self.since).total_seconds() if self.since else 0.0


@define
class Board:
    """All tables of a run by name, the one that changed last at the end."""

    tables: dict[str, Standing] = field(factory=dict)

    def take(self, event: Event) -> None:
        """Note what an event says of its table."""
        state = STATES.get(event.kind)
        if not state or not event.entity:
            return
        name = f"{event.flow}.{event.entity}"
        before = self.tables.pop(name, Standing(name=name))
        self.tables[name] = _after(before, state, event)

    def count(self, *states: str) -> int:
        """Count the tables in any of these states."""
        return sum(table.state in states for table in tuple(self.tables.values()))

    def top(self, lines: int) -> list[Standing]:
        """Choose the tables to show: those moving, then the latest to finish, never more than ``lines``."""
        everything = tuple(self.tables.values())
        moving = [table for table in everything if table.state in MOVING]
        done = [table for table in reversed(everything) if table.state not in (*MOVING, "waiting")]
        return sorted([*moving, *done][: max(lines, 0)], key=lambda table: table.name)


def _after(before: Standing, state: str, event: Event) -> Standing:
    data: dict[str, Any] = event.data
    since = event.at if event.kind == "table.started" else before.since
    over = state not in (*MOVING, "waiting")
    spent = data.get("seconds") if state == "settled" else before.elapsed(event.at)
    return evolve(
        before,
        state=state,
        rows=data.get("rows", 0 if state == "retrying" else before.rows),
        size=data.get("bytes", 0 if state == "retrying" else before.size),
        since=since,
        seconds=spent if over else None,
    )
