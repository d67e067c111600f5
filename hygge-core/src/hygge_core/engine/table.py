"""One table run as an outcome: moved, left alone, failed or stopped, never an exception."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import TYPE_CHECKING

import attrs
import stamina

from hygge_core.engine.attempt import Attempt
from hygge_core.engine.report import TableOutcome
from hygge_core.errors import HyggeError, Retryable
from hygge_core.store import Leases


if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from hygge_core.commit import Receipt
    from hygge_core.engine.report import RowChain, State
    from hygge_core.engine.task import TableTask


_LONGEST_WAIT_SECONDS = 30.0


def run_table(task: TableTask) -> TableOutcome:
    """Move one table, trying again where that may help. A failure is an outcome, whatever it is."""
    began = time.monotonic()
    outcome = TableOutcome(
        flow=task.entity.flow, entity=task.entity.name, state="failed", run_type=task.entity.run_type
    )
    latest: list[Attempt] = []
    try:
        outcome = attrs.evolve(outcome, source=task.home.locate(task.request), target=task.store.locate(task.table))
        task.teller.say("table.started", source=outcome.source, target=outcome.target, run_type=task.entity.run_type)
        receipt = _attempts(task, latest)
    except BaseException as error:  # noqa: BLE001 - one table's failure, native panics included, ends no other
        outcome = _failed(task, outcome, error)
    else:
        outcome = _settled(task, outcome, receipt, latest[-1].rows, time.monotonic() - began)
    if latest:
        outcome = latest[-1].add_to(outcome)
    for warning in outcome.warnings:
        task.teller.say("warning", text=warning)
    return attrs.evolve(outcome, seconds=round(time.monotonic() - began, 3))


def _attempts(task: TableTask, latest: list[Attempt]) -> Receipt | None:
    """Hold the table and try, again for errors that may pass; each attempt sweeps its own stage."""

    def again(error: Exception) -> bool:
        return isinstance(error, Retryable) and not task.stop.requested

    with _lease(task):
        tries = stamina.retry_context(on=again, attempts=task.attempts, timeout=None, wait_max=_LONGEST_WAIT_SECONDS)
        for attempt in tries:
            with attempt:
                latest.append(Attempt(task=task, run=task.run(attempt.num)))
                try:
                    return latest[-1].move()
                except Exception as error:
                    if again(error) and attempt.num < task.attempts:
                        wait = round(attempt.next_wait, 1)
                        task.teller.say("table.retry", attempt=attempt.num, error=str(error), seconds=wait)
                    raise
    raise AssertionError  # pragma: no cover - the last try returns or raises


def _lease(task: TableTask) -> AbstractContextManager[object]:
    return task.store.lease(task.table, task.run(1)) if isinstance(task.store, Leases) else nullcontext()


def _settled(
    task: TableTask, outcome: TableOutcome, receipt: Receipt | None, chain: RowChain, seconds: float
) -> TableOutcome:
    if receipt is None:
        empty = task.entity.run_type != "incremental"
        task.teller.say("table.kept", rows=0, reason="empty" if empty else "nothing new")
        return attrs.evolve(outcome, state="kept")
    files = len(receipt.record.parts)
    task.teller.say(
        "table.committed",
        rows=min(receipt.rows, chain.staged or 0),  # a commit also holds what it carries over, or what it deletes
        deleted=chain.deleted or 0,
        carried=chain.carried or 0,
        bytes=receipt.size,
        files=files,
        seconds=round(seconds, 3),
        location=receipt.location,
    )
    return attrs.evolve(
        outcome,
        state="committed",
        size=receipt.size,
        files=files,
        sequence=receipt.record.sequence,
        warnings=task.plugins.after_commit(receipt.record.run, receipt),
    )


def _failed(task: TableTask, outcome: TableOutcome, error: BaseException) -> TableOutcome:
    known = isinstance(error, HyggeError)
    text = str(error) if known else f"{type(error).__name__}: {error}"
    code = error.exit_code if isinstance(error, HyggeError) else 1
    task.teller.say("table.stopped" if task.stop.requested else "table.failed", error=text, exit_code=code)
    state: State = "stopped" if task.stop.requested else "failed"
    return attrs.evolve(outcome, state=state, error=text, exit_code=code)
