"""One run from the command line's side: shown while it goes, stoppable, and reported."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from hygge_core.cli.journal.access import journal_opener
from hygge_core.cli.logs import configure_logs
from hygge_core.cli.reports import save
from hygge_core.cli.signals import interruptible
from hygge_core.cli.views import view_for
from hygge_core.engine import Stop, run


if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from hygge_core.cli.session import Session
    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.engine.events import Event
    from hygge_core.engine.report import RunReport
    from hygge_core.plugins import Plugins
    from hygge_core.watermark.window import Backfill


def move(  # noqa: PLR0913 - one call with everything that a run needs
    session: Session,
    project: Project,
    plugins: Plugins,
    entities: Sequence[EntityConfig],
    *,
    concurrency: int | None,
    backfill: Backfill | None = None,
) -> int:
    """Move the tables, leave a report file and return the exit code."""
    configure_logs(session)
    stop = Stop()
    view = view_for(session, stop)

    def emit(event: Event) -> None:
        view.emit(session.redactor.event(event))

    with interruptible(stop, view.stopping):
        with view, ThreadPoolExecutor(1, thread_name_prefix="run") as apart:
            running = apart.submit(
                run,
                project,
                plugins,
                entities,
                emit=emit,
                stop=stop,
                concurrency=concurrency,
                backfill=backfill,
                journal=journal_opener(session, project),
            )
            report = _attend(running)
        report = session.redactor.report(report)
        view.settle(report, _save(session, report, project.root / project.options.runs))
    return report.exit_code


def _attend(running: Future[RunReport]) -> RunReport:
    """Wait with open ears: the main thread takes the signals, on Windows only between short waits."""
    while not running.done():
        wait([running], timeout=0.2)
    return running.result()


def _save(session: Session, report: RunReport, folder: Path) -> Path | None:
    """Write the report file; that it cannot be written does not undo what was moved."""
    try:
        return save(report, folder)
    except OSError as error:
        session.warn(
            f"{folder}: the run report cannot be written: {error.strerror or error}; the tables are not affected"
        )
        return None
