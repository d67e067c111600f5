"""Plain lines for pipes, files and CI: one for each event worth reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from hygge_core.cli.signals import announce_stop
from hygge_core.cli.summary import closing_lines
from hygge_core.cli.wording import complaint, sentence


if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from hygge_core.cli.session import Session
    from hygge_core.engine.events import Event
    from hygge_core.engine.report import RunReport


PROGRESS_SECONDS = 10.0
"""At least this long between two progress lines of one table."""

_VERBOSE = frozenset({"table.waiting", "table.staged", "request.retry"})


@define
class LineView:
    """Shows a run as lines: results on standard output, complaints on standard error."""

    session: Session
    _spoke: dict[tuple[str, str], datetime] = field(factory=dict, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held."""

    def emit(self, event: Event) -> None:
        """Write the line of one event, if it deserves one."""
        complain(event, self.session)
        if not self.session.quiet and self._worth_reading(event):
            name = f"{event.flow}.{event.entity}  " if event.entity else ""
            words = sentence(event, self.session.out.glyph("→", "->"))
            self.session.say(f"{event.at.astimezone():%H:%M:%S}  {name}{words}")

    def stopping(self) -> None:
        """Say so past every buffer."""
        announce_stop()

    def settle(self, report: RunReport, file: Path | None) -> None:
        """Write where it all landed."""
        for line in closing_lines(report, file, house=""):
            if not self.session.quiet:
                self.session.say(line)

    def _worth_reading(self, event: Event) -> bool:
        if event.kind in ("warning", "table.retry", "run.finished"):
            return False
        if event.kind == "table.progress":
            return self.session.verbose or self._due(event)
        return self.session.verbose or event.kind not in _VERBOSE

    def _due(self, event: Event) -> bool:
        """Tell whether the table has been silent for long; its first report starts the clock."""
        table = (event.flow, event.entity)
        before = self._spoke.setdefault(table, event.at)
        due = (event.at - before).total_seconds() >= PROGRESS_SECONDS
        if due:
            self._spoke[table] = event.at
        return due


def complain(event: Event, session: Session) -> None:
    """Put an event's warning or error, if it has one, on standard error."""
    if text := complaint(event):
        (session.fail if event.kind == "table.failed" else session.warn)(text)
