"""A whole run: many tables at once, each with an outcome of its own."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.engine.journal_mirroring import journal_mirrors, mirror_journal
from hygge_core.engine.memory import batch_bytes, run_budget
from hygge_core.engine.notes import Notes
from hygge_core.engine.opened import Opened
from hygge_core.engine.report import RunReport, TableOutcome
from hygge_core.engine.slots import Slots
from hygge_core.engine.targets import refuse_shared_targets, refuse_targets_at_journal
from hygge_core.errors import HyggeError


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.engine.events import Emit
    from hygge_core.engine.stop import Stop
    from hygge_core.engine.teller import Teller
    from hygge_core.journal.opening import OpenJournal
    from hygge_core.plugins import Plugins
    from hygge_core.watermark.window import Backfill


_INTERRUPTED, _SOME_FAILED, _FAILED = 130, 3, 1
_WAITING = 64
"""How many tables may lend their slots to others at a time; each keeps its thread."""


def run(  # noqa: PLR0913 - one call with everything that a run needs
    project: Project,
    plugins: Plugins,
    entities: Sequence[EntityConfig],
    *,
    emit: Emit,
    stop: Stop,
    concurrency: int | None = None,
    backfill: Backfill | None = None,
    journal: OpenJournal | None = None,
) -> RunReport:
    """Move the tables, at most ``concurrency`` at once, or of each the range of ``backfill``.

    A table's failure is its outcome in the report; the others go on unless the project
    says ``continue_on_error = false``.  Each outcome goes into the ``journal`` as soon as it
    is known.  Raises `ConfigError` before anything moves when two entities would settle in
    the same place, or one where the journal is; and whatever opening the journal raises.
    """
    from hygge_core import __version__
    from hygge_core.engine.retries import Retries
    from hygge_core.engine.teller import Teller

    started = datetime.now(UTC)
    width = max(min(concurrency or project.options.concurrency, len(entities)), 1)
    budget = run_budget(project.options.max_memory)
    teller = Teller(_run_id(started), emit)
    retries = Retries(teller)
    slots = Slots(width, stop)
    with Opened(project.root, project.connections, plugins, budget // width, retries, slots.pause) as opened:
        refuse_shared_targets(opened, entities)
        kept = journal(opened) if journal else None
        if kept:
            refuse_targets_at_journal(opened, entities, kept.location)
            for mirror in journal_mirrors(opened):
                refuse_targets_at_journal(opened, entities, mirror)
        teller.say("run.started", tables=len(entities), concurrency=width, max_memory=budget)
        notes = Notes(journal=kept, teller=teller, project=project.name, hygge=__version__)
        crew = _Crew(
            project=project,
            plugins=plugins,
            opened=opened,
            teller=teller,
            stop=stop,
            started=started,
            width=width,
            slots=slots,
            notes=notes,
            backfill=backfill,
        )
        outcomes = crew.move(entities)
        if kept and not stop.requested:
            mirror_journal(kept, opened, teller, started)
        notes.tidy()
    finished = datetime.now(UTC)
    code = exit_code(outcomes, interrupted=stop.requested and any(one.state == "stopped" for one in outcomes))
    teller.say(
        "run.finished",
        seconds=round((finished - started).total_seconds(), 3),
        committed=sum(one.state == "committed" for one in outcomes),
        failed=sum(one.state == "failed" for one in outcomes),
        retries=retries.count,
        exit_code=code,
    )
    return RunReport(
        id=teller.run,
        project=project.name,
        started=started,
        finished=finished,
        hygge=__version__,
        tables=tuple(outcomes),
        exit_code=code,
        retries=retries.count,
    )


def exit_code(outcomes: Sequence[TableOutcome], *, interrupted: bool) -> int:
    """Sum up: 0 all well, 130 interrupted, 3 some failed; where all failed alike, their own code, else 1."""
    if interrupted:
        return _INTERRUPTED
    codes = [one.exit_code for one in outcomes if one.state == "failed"]
    if not codes:
        return 0
    if len(codes) < len(outcomes):
        return _SOME_FAILED
    return codes[0] if len(set(codes)) == 1 else _FAILED


@frozen(kw_only=True)
class _Crew:
    """The threads of a run and what they share."""

    project: Project
    plugins: Plugins
    opened: Opened
    teller: Teller
    stop: Stop
    started: datetime
    width: int
    slots: Slots
    notes: Notes
    backfill: Backfill | None

    def move(self, entities: Sequence[EntityConfig]) -> list[TableOutcome]:
        for entity in entities[self.width :]:
            self.teller.say("table.waiting", entity.flow, entity.name)
        failed: list[bool] = []

        def one(entity: EntityConfig) -> TableOutcome:
            with self.slots.held():
                return moved(entity)

        def moved(entity: EntityConfig) -> TableOutcome:
            began = datetime.now(UTC)
            idle = self.stop.requested or (failed and not self.project.options.continue_on_error)
            outcome = self._not_begun(entity) if idle else self._table(entity)
            if outcome.state == "failed":
                failed.append(True)
            return self.notes.keep(outcome, began)

        with ThreadPoolExecutor(min(self.width + _WAITING, len(entities)), "hygge-table") as pool:
            return list(pool.map(one, entities))

    def _table(self, entity: EntityConfig) -> TableOutcome:
        from hygge_core.engine.table import run_table
        from hygge_core.engine.task import TableTask

        try:
            task = TableTask(
                entity=entity,
                home=self.opened.home(entity.home),
                store=self.opened.store(entity.store),
                plugins=self.plugins,
                teller=self.teller.of(entity.flow, entity.name),
                stop=self.stop,
                run_id=self.teller.run,
                now=self.started,
                attempts=self.project.options.attempts,
                batch_bytes=batch_bytes(self.opened.memory * self.width, self.width),
                memory=self.opened.memory,
                recovered=self.notes.recovered,
                backfill=self.backfill,
            )
            return run_table(task)
        except HyggeError as error:
            self.teller.say("table.failed", entity.flow, entity.name, error=str(error), exit_code=error.exit_code)
            return TableOutcome(
                flow=entity.flow,
                entity=entity.name,
                state="failed",
                run_type=entity.run_type,
                error=str(error),
                exit_code=error.exit_code,
            )

    def _not_begun(self, entity: EntityConfig) -> TableOutcome:
        why = "the run was stopped" if self.stop.requested else "another table failed and continue_on_error is false"
        self.teller.say("table.stopped", entity.flow, entity.name, error=why, exit_code=1)
        return TableOutcome(
            flow=entity.flow, entity=entity.name, state="stopped", run_type=entity.run_type, error=why, exit_code=1
        )


def _run_id(started: datetime) -> str:
    """Name a run so that names sort as runs began, several in one second too."""
    return f"{started:%Y%m%dT%H%M%S}{started.microsecond:06d}Z-{secrets.token_hex(3)}"
