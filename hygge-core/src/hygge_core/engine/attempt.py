"""One attempt at one table: recover, read, polish, stage, ask and commit, or leave all as it was."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING

import attrs
from attrs import Factory, define

from hygge_core.commit import CommitRecord
from hygge_core.drift import compare
from hygge_core.engine.abilities import demand_modes
from hygge_core.engine.aim import aim_at
from hygge_core.engine.counting import chain_of, demand_staged, demand_visible
from hygge_core.engine.deleting import deleted_keys
from hygge_core.engine.gate import Gate
from hygge_core.engine.no_rows import keeps
from hygge_core.engine.passage import passage_of
from hygge_core.engine.report import RowChain
from hygge_core.engine.roads import Move
from hygge_core.errors import Interrupted, UsageError
from hygge_core.home import Cancels, Isolated, Warns
from hygge_core.store import CountsRows, Merges, Recovers, Remembers, ShowsRows


if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from hygge_core.commit import Part, Receipt, Staged, TableRun
    from hygge_core.engine.aim import Aim
    from hygge_core.engine.passage import Passage
    from hygge_core.engine.report import TableOutcome
    from hygge_core.engine.task import TableTask
    from hygge_core.home import Isolation, Reading
    from hygge_core.store import Stage


@define(kw_only=True)
class Attempt:
    """One attempt and what it found out, which is kept whichever way it ends."""

    task: TableTask
    run: TableRun
    road: str = ""
    drift: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    rows: RowChain = Factory(RowChain)
    passage: Passage | None = None
    isolation: Isolation | None = None

    def move(self) -> Receipt | None:
        """Move the table. Returns None when there was nothing to commit; on any error the stage is swept."""
        try:
            return self._move()
        except KeyboardInterrupt as error:  # Polars raises it in whichever thread it works
            what, fix = "was stopped before its commit", "the old table is as it was; run again when ready"
            raise Interrupted(what, where=self.task.entity.path, fix=fix) from error
        except Exception as error:
            self.warnings += self.task.plugins.after_abort(self.run, error)
            raise

    def add_to(self, outcome: TableOutcome) -> TableOutcome:
        """Put what this attempt found out into the outcome."""
        return attrs.evolve(
            outcome,
            attempts=self.run.attempt,
            mode=self.passage.table.mode if self.passage else "",
            road=self.road,
            watermark=self.passage.bounds if self.passage else None,
            isolation=self.isolation,
            drift=self.drift,
            rows=self.rows,
            warnings=self.warnings + outcome.warnings,
        )

    def _move(self) -> Receipt | None:
        task = self.task
        task.stop.check()
        task.teller.start()
        aim = aim_at(task.entity, task.home, self._recovered(), task.request, task.backfill)
        demand_modes(task.entity, aim.mode, task.store)
        reading = task.home.read(aim.request)
        try:
            with task.stop.telling(reading.cancel) if isinstance(reading, Cancels) else nullcontext():
                return self._passed(reading, aim)
        finally:
            reading.close()

    def _passed(self, reading: Reading, aim: Aim) -> Receipt | None:
        passage = self._prepare(reading, aim)
        stage = self.task.store.stage(passage.table, self.run)
        try:
            gate = Gate.before(stage, task=self.task, passage=passage, last=aim.last)
            return self._commit(stage, self._stage(reading, passage, stage), gate)
        except BaseException:
            self._sweep(stage)
            raise

    def _sweep(self, stage: Stage) -> None:
        """Abort the stage; a failure of that must not hide why."""
        try:
            stage.abort()
        except Exception as error:  # noqa: BLE001 - told as a warning, whatever it is
            self.warnings += (f"the stage could not be swept, the next run does it: {error}",)

    def _recovered(self) -> CommitRecord | None:
        """Finish or sweep what a killed run left, and return the table's last commit."""
        store, table = self.task.store, self.task.table
        if isinstance(store, Recovers):
            found = store.recover(table)
            for receipt in found.rolled_forward:
                self.task.recovered(receipt)
            if found.rolled_forward or found.swept:
                runs = tuple(receipt.record.run.id for receipt in found.rolled_forward)
                self.task.teller.say("table.recovered", rolled_forward=runs, swept=len(found.swept))
        return store.last(table) if isinstance(store, Remembers) else None

    def _prepare(self, reading: Reading, aim: Aim) -> Passage:
        """Fix the columns and the range, and tell of what is remarkable about them."""
        self.isolation = reading.isolation if isinstance(reading, Isolated) else None
        self.passage = passage = passage_of(
            self.task.entity,
            aim,
            reading,
            store=self.task.store,
            where=self.task.home.locate(self.task.request),
            now=self.task.now,
        )
        if passage.window is not None:
            self.warnings += passage.window.warnings
        if aim.last is not None:
            drift = compare(aim.last.table.columns, passage.table.columns)
            self.drift = drift.check(self.task.entity.on_drift, mode=passage.table.mode, where=self.task.entity.path)
            if self.drift:
                self.task.teller.say("table.drift", changes=self.drift)
        bounds = passage.bounds
        if bounds is not None and passage.boundary.filters:
            self.task.teller.say("table.range", column=bounds.column, low=bounds.low, high=bounds.high)
        return passage

    def _stage(self, reading: Reading, passage: Passage, stage: Stage) -> Sequence[Part]:
        task = self.task
        move = Move(
            reading=reading,
            polish=passage.polish,
            stage=stage,
            teller=task.teller,
            stop=task.stop,
            where=f"{task.entity.path} ({task.home.locate(task.request)})",
            memory=task.memory,
            boundary=passage.boundary,
            marked=passage.marked,
        )
        self.road, parts = move.run()
        self.rows = chain_of(move, self.road, parts)
        if isinstance(reading, Warns):
            self.warnings += tuple(reading.warnings())
        demand_staged(self.rows, task.entity.path)
        size = sum(part.size for part in parts)
        task.teller.say("table.staged", rows=self.rows.staged, bytes=size, files=len(parts))
        return parts

    def _commit(self, stage: Stage, parts: Sequence[Part], gate: Gate) -> Receipt | None:
        passage, rows = gate.passage, sum(part.rows for part in parts)
        deleted = self._deleted(stage, parts, passage)
        where = self.task.home.locate(self.task.request)
        if rows == 0 and deleted is None and keeps(self.task.entity, passage, gate.last, where):
            gate.check(parts)
            stage.abort()
            if gate.last is not None:  # the table stands where it stood, whatever the source has come to
                self.passage = attrs.evolve(passage, watermark=gate.last.watermark)
            return None
        staged = stage.seal(self._merged(stage, parts, passage, deleted))
        if passage.table.mode == "upsert" and isinstance(self.task.store, CountsRows):
            self.rows = attrs.evolve(self.rows, carried=staged.rows - rows)
        gate.ask(self.run, staged, parts)
        self.task.stop.check()
        record = CommitRecord(run=self.run, table=staged.table, parts=staged.parts, watermark=passage.watermark)
        receipt = stage.commit(staged, record)
        self._count_visible(receipt, staged)
        return receipt

    def _deleted(self, stage: Stage, parts: Sequence[Part], passage: Passage) -> pl.LazyFrame | None:
        """Find the keys of rows to take out of the table, under their names in the store."""
        incoming = partial(stage.rows, parts) if isinstance(stage, ShowsRows) else None
        found = deleted_keys(self.task, passage, incoming)
        if found is None:
            return None
        self.warnings += found.warnings
        self.rows = attrs.evolve(self.rows, deleted=found.rows)
        return None if found.keys is None else found.keys.lazy()

    def _merged(
        self, stage: Stage, parts: Sequence[Part], passage: Passage, deleted: pl.LazyFrame | None
    ) -> Sequence[Part]:
        """Return what to seal: an append of nothing leaves no empty file, an upsert replaces rows by key."""
        if passage.table.mode != "upsert":
            empty = passage.boundary.seen is not None and not any(part.rows for part in parts)
            return () if empty else parts
        if not isinstance(stage, Merges):
            what = "this store cannot replace rows by key"
            raise UsageError(what, where=self.task.entity.path, fix='use write = "append", or run_type = "full_drop"')
        return stage.merge(parts, key=passage.key, deleted=deleted, watch=self._written)

    def _written(self, size: int) -> None:
        self.task.stop.check()
        self.task.teller.passed(0, size)

    def _count_visible(self, receipt: Receipt, staged: Staged) -> None:
        if not isinstance(self.task.store, CountsRows):
            return
        only = receipt.record.parts if staged.table.mode == "append" else None
        visible = self.task.store.count(staged.table, only)
        self.rows = attrs.evolve(self.rows, visible=visible)
        demand_visible(receipt.rows, visible, self.task.entity.path)
