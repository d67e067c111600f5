"""One attempt at one table: recover, read, polish, stage, ask and commit, or leave all as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
from attrs import Factory, define

from hygge_core.commit import CommitRecord
from hygge_core.drift import compare
from hygge_core.engine.report import RowChain
from hygge_core.engine.roads import Move
from hygge_core.errors import HomeError, UsageError, VerifyMismatch
from hygge_core.home import KnowsRows, Warns
from hygge_core.polish import Polish
from hygge_core.schema import columns_of
from hygge_core.store import CountsRows, Recovers, Remembers


if TYPE_CHECKING:
    from hygge_core.commit import Receipt, Staged, Table, TableRun
    from hygge_core.engine.report import TableOutcome
    from hygge_core.engine.task import TableTask
    from hygge_core.home import Reading
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

    def move(self) -> Receipt | None:
        """Move the table. Returns None when an empty source left it alone; on any error the stage is swept."""
        try:
            return self._move()
        except Exception as error:
            self.warnings += self.task.plugins.after_abort(self.run, error)
            raise

    def add_to(self, outcome: TableOutcome) -> TableOutcome:
        """Put what this attempt found out into the outcome."""
        return attrs.evolve(
            outcome,
            attempts=self.run.attempt,
            road=self.road,
            drift=self.drift,
            rows=self.rows,
            warnings=self.warnings + outcome.warnings,
        )

    def _move(self) -> Receipt | None:
        task = self.task
        task.stop.check()
        task.teller.start()
        last = self._recovered()
        reading = task.home.read(task.request)
        try:
            polish = Polish.compile(task.entity.polish, reading.schema, now=task.now)
            table = attrs.evolve(task.table, columns=columns_of(polish.schema))
            self._refuse_impossible(table)
            self._compare(last, table)
            stage = task.store.stage(table, self.run)
            try:
                staged = self._stage(reading, polish, stage)
                return self._commit(stage, staged, first_time=last is None)
            except BaseException:
                self._sweep(stage)
                raise
        finally:
            reading.close()

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
            if found.rolled_forward or found.swept:
                runs = tuple(receipt.record.run.id for receipt in found.rolled_forward)
                self.task.teller.say("table.recovered", rolled_forward=runs, swept=len(found.swept))
        return store.last(table) if isinstance(store, Remembers) else None

    def _refuse_impossible(self, table: Table) -> None:
        capabilities = self.task.store.capabilities
        if table.mode not in capabilities.modes:
            promise = capabilities.atomic_append if table.mode == "append" else capabilities.atomic_replace
            raise UsageError(
                f"this store cannot {table.mode}: {promise.reason}",
                where=self.task.entity.path,
                fix="choose another run_type, or another layout of the store",
            )
        if not table.columns:
            where = self.task.home.locate(self.task.request)
            raise HomeError("has no columns", where=where, fix="check that this is the right source")

    def _compare(self, last: CommitRecord | None, table: Table) -> None:
        if last is None:
            return
        drift = compare(last.table.columns, table.columns)
        self.drift = drift.check(self.task.entity.on_drift, mode=table.mode, where=self.task.entity.path)
        if self.drift:
            self.task.teller.say("table.drift", changes=self.drift)

    def _stage(self, reading: Reading, polish: Polish, stage: Stage) -> Staged:
        task = self.task
        move = Move(
            reading=reading,
            polish=polish,
            stage=stage,
            teller=task.teller,
            stop=task.stop,
            where=f"{task.entity.path} ({task.home.locate(task.request)})",
            memory=task.memory,
        )
        self.road, parts = move.run()
        staged = stage.seal(parts)
        read = reading.rows() if isinstance(reading, KnowsRows) else None if self.road == "frame" else task.teller.rows
        self.rows = RowChain(read=read, staged=staged.rows)
        if isinstance(reading, Warns):
            self.warnings += tuple(reading.warnings())
        if read is not None:
            self._demand_equal("were read", read, "are staged", staged.rows)
        task.teller.say("table.staged", rows=staged.rows, bytes=staged.size, files=len(parts))
        return staged

    def _commit(self, stage: Stage, staged: Staged, *, first_time: bool) -> Receipt | None:
        if staged.rows == 0 and self._keeps(staged, first_time=first_time):
            stage.abort()
            return None
        self.task.plugins.before_commit(self.run, staged)
        self.task.stop.check()
        receipt = stage.commit(staged, CommitRecord(run=self.run, table=staged.table, parts=staged.parts))
        if isinstance(self.task.store, CountsRows):
            only = None if staged.table.mode == "replace" else receipt.record.parts
            visible = self.task.store.count(staged.table, only)
            self.rows = attrs.evolve(self.rows, visible=visible)
            self._demand_equal("were committed", receipt.rows, "are visible", visible)
        return receipt

    def _keeps(self, staged: Staged, *, first_time: bool) -> bool:
        """Decide what no rows mean; the first commit always publishes the columns."""
        policy = self.task.entity.on_empty
        if policy == "fail":
            where = self.task.home.locate(self.task.request)
            raise HomeError("holds no rows", where=where, fix='if that is fine, set on_empty = "keep" or "publish"')
        return not first_time and (policy == "keep" or staged.table.mode == "append")

    def _demand_equal(self, one: str, rows: int, other: str, count: int) -> None:
        if rows != count:
            raise VerifyMismatch(
                f"{rows:,} rows {one} and {count:,} {other}",
                where=self.task.entity.path,
                fix="do not rely on this table; run again, and report it if it stays",
            )
