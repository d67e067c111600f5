"""``--output json``: one event on one line, for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attrs import frozen

from hygge_core.cli.signals import announce_stop


if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from hygge_core.cli.session import Session
    from hygge_core.engine.events import Event
    from hygge_core.engine.report import RunReport


def encode(value: dict[str, Any]) -> str:
    """Write a value as one line of pure ASCII, which every console and pipe can carry."""
    return json.dumps(value, separators=(", ", ": "), default=str)


def event_line(event: Event) -> str:
    """Write an event as one line; ``at`` is UTC in ISO 8601."""
    return encode(
        {
            "kind": event.kind,
            "run": event.run,
            "at": event.at.isoformat(),
            "flow": event.flow,
            "entity": event.entity,
            "data": event.data,
        }
    )


@frozen
class JsonView:
    """Shows a run as JSON lines and nothing else."""

    session: Session

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held."""

    def emit(self, event: Event) -> None:
        """Write one event."""
        self.session.out.line(event_line(event))

    def stopping(self) -> None:
        """Say so past every buffer."""
        announce_stop()

    def settle(self, report: RunReport, file: Path | None) -> None:
        """Say where the report is."""
        if file:
            self.session.event("report.saved", run=report.id, path=str(file))
