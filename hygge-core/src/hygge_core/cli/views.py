"""Choosing how a run is shown."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol


if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from hygge_core.cli.session import Session
    from hygge_core.engine import Stop
    from hygge_core.engine.events import Event
    from hygge_core.engine.report import RunReport


class View(Protocol):
    """Something that shows a run while it happens, and then how it ended."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def emit(self, event: Event) -> None:
        """Show one event. Never raises for what a terminal or a pipe does."""
        ...

    def stopping(self) -> None:
        """Say that the run was asked to stop. Called from a signal handler: no buffered streams, no locks."""
        ...

    def settle(self, report: RunReport, file: Path | None) -> None:
        """Show how the run ended and in which file its report is."""
        ...


def view_for(session: Session, stop: Stop) -> View:
    """Choose JSON lines when asked for, the live table on a terminal, plain lines elsewhere."""
    if session.output == "json":
        from hygge_core.cli.jsonlines import JsonView

        return JsonView(session)
    if _someone_is_looking(session):
        from hygge_core.cli.live import LiveView

        return LiveView(session, stop)
    from hygge_core.cli.lines import LineView

    return LineView(session)


def _someone_is_looking(session: Session) -> bool:
    """A terminal that can move its cursor, and neither ``--quiet`` nor ``--verbose`` nor CI."""
    plain = session.quiet or session.verbose or os.environ.get("CI") or os.environ.get("TERM") in ("dumb", "unknown")
    return session.out.isatty() and not plain
