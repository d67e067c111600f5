"""What is not committed leaves nothing, and takes nothing with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest

from hygge_core.store import Recovers
from hygge_core.testing.frames import small
from hygge_core.testing.judge import holds
from hygge_core.testing.publish import publish, record_of, write


if TYPE_CHECKING:
    from hygge_core.commit import Table, TableRun
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, OpenStore, Read


class AbortCases:
    """Aborting is safe at every moment, and so is forgetting to."""

    promise: ClassVar[str] = "what is not committed leaves nothing, and takes nothing with it"

    def test_abort_leaves_nothing(
        self, store: Store, open_store: OpenStore, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        stage = store.stage(table, run)
        write(stage, [[rows, rows]])
        stage.abort()
        holds(read, table, None, "an aborted stage is never visible")
        if isinstance(store, Recovers):
            found = open_store().recover(table)  # type: ignore[attr-defined] # the same type as `store`
            assert not found.swept, f"broken promise: abort leaves nothing, but recovery had to sweep {found.swept}"
            assert not found.rolled_forward, "broken promise: abort leaves nothing, but recovery committed something"

    def test_aborting_twice_is_safe(
        self, store: Store, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        stage = store.stage(table, run)
        write(stage, [[rows]])
        stage.abort()
        stage.abort()
        holds(read, table, None, "an aborted stage is never visible")

    def test_aborting_an_open_writer_is_safe(
        self, store: Store, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        stage = store.stage(table, run)
        stage.writer().write(rows)
        stage.abort()
        holds(read, table, None, "an aborted stage is never visible")

    def test_aborting_after_a_commit_keeps_the_rows(
        self, store: Store, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        stage = store.stage(table, run)
        staged = write(stage, [[rows]])
        stage.commit(staged, record_of(staged))
        stage.abort()
        holds(read, table, rows, "abort after a commit changes nothing")

    def test_abort_keeps_the_old_table(
        self, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        publish(store, table, new_run(), [[rows]])
        stage = store.stage(table, new_run())
        write(stage, [[small(100)]])
        stage.abort()
        holds(read, table, rows, "abort leaves the old table as it was")

    def test_a_batch_with_other_columns_is_refused(
        self, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        publish(store, table, new_run(), [[rows]])
        with pytest.raises(Exception):  # noqa: B017, PT011 - any loud refusal will do, at whichever verb
            publish(store, table, new_run(), [[small(100), pl.DataFrame({"surprise": ["!"]})]])
        holds(read, table, rows, "a batch with other columns is refused and the old table stays")

    def test_a_forgotten_stage_does_not_spoil_the_next_run(
        self, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        write(store.stage(table, new_run()), [[small(100)]])
        publish(store, table, new_run(), [[rows]])
        holds(read, table, rows, "a stage that was never committed does not spoil the next run")
