"""Noting in the journal how each table of a run ended; a journal that cannot be written fails no table."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from hygge_core.engine.report import Bounds
from hygge_core.journal.commits import key_text, of_commit
from hygge_core.journal.record import JournalRecord


if TYPE_CHECKING:
    from datetime import datetime

    from hygge_core.commit import Receipt
    from hygge_core.engine.report import TableOutcome
    from hygge_core.engine.teller import Teller
    from hygge_core.journal import Journal


@frozen(kw_only=True)
class Notes:
    """The journal of one run, None to keep none; used from all its threads."""

    journal: Journal | None
    teller: Teller
    project: str
    hygge: str

    def keep(self, outcome: TableOutcome, began: datetime) -> TableOutcome:
        """Append the outcome of a table run that began then; returns it with a warning if that failed."""
        if self.journal is None:
            return outcome
        record = record_of(outcome, run=self.teller.run, project=self.project, began=began, hygge=self.hygge)
        warning = self._append(self.journal, record)
        return evolve(outcome, warnings=(*outcome.warnings, warning)) if warning else outcome

    def recovered(self, receipt: Receipt) -> None:
        """Append the commit of a killed run, which could not do so itself, as ``hygge journal rebuild`` would."""
        if self.journal is not None:
            self._append(self.journal, of_commit(receipt.record, project=self.project, target=receipt.location))

    def _append(self, journal: Journal, record: JournalRecord) -> str:
        """Append a record; returns the warning that was said if that failed."""
        try:
            journal.append(record)
        except Exception as error:  # noqa: BLE001 - the table is settled, whatever is wrong with the journal
            warning = (
                f"{journal.location}: the journal cannot be written: {error}; "
                "the table is not affected, mend that and `hygge journal rebuild` adds what was committed"
            )
            self.teller.say("warning", record.flow, record.entity, text=warning)
            return warning
        return ""

    def tidy(self) -> None:
        """Merge the journal's files if there are many."""
        if self.journal is None:
            return
        try:
            self.journal.tidy()
        except Exception as error:  # noqa: BLE001 - the run is done
            text = f"{self.journal.location}: the journal cannot be compacted: {error}; nothing of it is lost"
            self.teller.say("warning", text=text)


def record_of(outcome: TableOutcome, *, run: str, project: str, began: datetime, hygge: str) -> JournalRecord:
    """Tell how a table run ended; ``began`` is when it did, in UTC."""
    committed = outcome.state == "committed"
    bounds = outcome.watermark or Bounds(column="")
    reached = bounds.mark if outcome.state in ("committed", "kept") else None
    return JournalRecord(
        id="",
        kind="run",
        run=run,
        project=project,
        flow=outcome.flow,
        entity=outcome.entity,
        started=began,
        finished=began + timedelta(seconds=outcome.seconds),
        seconds=outcome.seconds,
        state=outcome.state,
        run_type=outcome.run_type,
        mode=outcome.mode,
        rows=(outcome.rows.staged or 0) if committed else 0,
        bytes=outcome.size,
        files=outcome.files,
        sequence=outcome.sequence,
        attempts=outcome.attempts,
        watermark_column=bounds.column,
        watermark_key=key_text(bounds.key),
        watermark_dtype=bounds.dtype if reached is not None else "",
        watermark=reached or "",
        low=bounds.low or "",
        high=bounds.high or "",
        message=outcome.error,
        source=outcome.source,
        target=outcome.target,
        hygge=hygge,
    )
