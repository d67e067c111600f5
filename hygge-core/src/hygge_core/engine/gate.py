"""The gate of one attempt between seal and commit: the checks of its entity, then those of plugins."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.checks import Evidence, demand_abilities, judge
from hygge_core.store import CountsRows, ReadsRows, ShowsRows


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

    from hygge_core.checks.config import ChecksConfig
    from hygge_core.commit import CommitRecord, Part, Staged, TableRun
    from hygge_core.engine.passage import Passage
    from hygge_core.engine.task import TableTask
    from hygge_core.store import Stage


@frozen(kw_only=True)
class Gate:
    """What stands between a stage and its commit. ``last`` is the table's commit before this one."""

    task: TableTask
    stage: Stage
    passage: Passage
    last: CommitRecord | None

    @classmethod
    def before(cls, stage: Stage, *, task: TableTask, passage: Passage, last: CommitRecord | None) -> Gate:
        """Stand ready. Raises `UsageError` for checks that this store and stage do not allow."""
        if task.entity.checks is not None:
            demand_abilities(task.entity.checks, task.store, stage, where=task.entity.path)
        return cls(task=task, stage=stage, passage=passage, last=last)

    def ask(self, run: TableRun, staged: Staged, parts: Sequence[Part]) -> None:
        """Ask the checks and then the plugins whether ``staged``, to which the run brings ``parts``, may be committed.

        Raises `CommitRefused`.
        """
        self.check(parts, staged)
        self.task.plugins.before_commit(run, staged, rows=self._shown(parts), last=self.last)

    def check(self, parts: Sequence[Part], staged: Staged | None = None) -> None:
        """Ask the checks alone; without ``staged`` the table would stay as it is. Raises `CommitRefused`."""
        checks = self.task.entity.checks
        if checks is not None:
            judge(checks, self._evidence(checks, parts, staged), where=self.task.entity.path)

    def _evidence(self, checks: ChecksConfig, parts: Sequence[Part], staged: Staged | None) -> Evidence:
        table, store, names = self.passage.table, self.task.store, self.passage.polish.names
        before = store.count(table) if checks.max_drop is not None and isinstance(store, CountsRows) else None
        stays = staged is None or table.mode != "replace"
        watermark = self.task.entity.watermark
        followed = tuple(names[name] for name in (watermark.key if watermark else ()) if name in names)
        return Evidence(
            rows=sum(part.rows for part in parts),
            now=self.task.now,
            incoming=self._shown(parts),
            staying=partial(store.rows, table) if stays and isinstance(store, ReadsRows) else None,
            before=before,
            after=_after(before, staged),
            key=self.passage.key if self.passage.changes else followed,
        )

    def _shown(self, parts: Sequence[Part]) -> Callable[[], pl.LazyFrame] | None:
        return partial(self.stage.rows, parts) if isinstance(self.stage, ShowsRows) else None


def _after(before: int | None, staged: Staged | None) -> int | None:
    """Count the rows of the table after the commit: an append adds, anything else is the whole table."""
    if before is None or staged is None:
        return before
    return before + staged.rows if staged.table.mode == "append" else staged.rows
