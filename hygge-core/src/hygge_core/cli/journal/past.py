"""Past runs in figures, from report files and from the journal."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import attrs
from attrs import frozen

from hygge_core.cli import figures, reports
from hygge_core.cli.journal.access import opening_journal
from hygge_core.cli.summary import settled_rows
from hygge_core.errors import HyggeError
from hygge_core.journal.identity import moment_of


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hygge_core.cli.session import Session
    from hygge_core.config.model import Project
    from hygge_core.engine.report import RunReport
    from hygge_core.journal import JournalRecord
    from hygge_core.plugins import Plugins


HEADINGS = ("started", "run", "tables", "rows", "time", "state")
NUMBERS = ("tables", "rows", "time")
_STATES = {0: "settled", 1: "failed", 3: "some failed", 4: "drift refused", 6: "locked", 130: "interrupted"}


@frozen(kw_only=True)
class PastRun:
    """One run in figures; ``bytes`` and ``rows`` are those that were committed."""

    id: str
    project: str
    started: datetime
    finished: datetime
    tables: int
    committed: int
    failed: int
    rows: int
    bytes: int
    exit_code: int

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.finished - self.started).total_seconds()

    @property
    def state(self) -> str:
        """How it ended, in words."""
        return _STATES.get(self.exit_code, f"exit code {self.exit_code}")

    def facts(self) -> dict[str, object]:
        """Tell it as plain data."""
        times = {"started": self.started.isoformat(), "finished": self.finished.isoformat(), "seconds": self.seconds}
        return {**attrs.asdict(self), **times, "state": self.state}

    def cells(self) -> tuple[str, ...]:
        """Tell it as a row under `HEADINGS`."""
        return (
            f"{self.started.astimezone():%Y-%m-%d %H:%M:%S}",
            self.id,
            f"{self.tables:,}",
            f"{self.rows:,}",
            figures.duration(self.seconds),
            self.state,
        )


class Reports:
    """The report files of a project, read one by one; ``broken`` once one of them could not be."""

    def __init__(self, session: Session, project: Project) -> None:
        self.session = session
        self.files = {file.stem: file for file in reports.newest_first(project.root / project.options.runs)}
        self.broken = False

    def read(self, run: str) -> PastRun | None:
        """Read the report of a run, None where there is none."""
        if run not in self.files:
            return None
        try:
            return _of_report(reports.read(self.files[run]))
        except HyggeError as error:
            del self.files[run]
            self.session.warn(str(error))
            self.broken = True
            return None


def _of_report(report: RunReport) -> PastRun:
    return PastRun(
        id=report.id,
        project=report.project,
        started=report.started,
        finished=report.finished,
        tables=len(report.tables),
        committed=sum(table.state == "committed" for table in report.tables),
        failed=sum(table.state == "failed" for table in report.tables),
        rows=settled_rows(report.tables),
        bytes=sum(table.size for table in report.tables if table.state == "committed"),
        exit_code=report.exit_code,
    )


def from_journal(session: Session, project: Project, plugins: Plugins) -> dict[str, PastRun]:
    """Sum up the journal's records of table runs by run."""
    found: defaultdict[str, list[JournalRecord]] = defaultdict(list)
    with opening_journal(session, project, plugins) as journal:
        for record in journal.records():
            if record.kind == "run":
                found[record.run].append(record)
    return {run: _of_records(run, records) for run, records in found.items()}


def _of_records(run: str, records: Sequence[JournalRecord]) -> PastRun:
    states = [record.state for record in records]
    return PastRun(
        id=run,
        project=records[-1].project,
        started=moment_of(run) or min(record.started for record in records),
        finished=max(record.finished for record in records),
        tables=len({(record.flow, record.entity) for record in records}),
        committed=states.count("committed"),
        failed=states.count("failed"),
        rows=sum(record.rows for record in records),
        bytes=sum(record.bytes for record in records),
        exit_code=_exit_code(states),
    )


def _exit_code(states: Iterable[str]) -> int:
    """Tell from the states of its tables how a run ended, as far as they can."""
    seen = set(states)
    if "stopped" in seen:
        return 130
    if "failed" not in seen:
        return 0
    return 1 if seen == {"failed"} else 3
