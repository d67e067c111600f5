"""Replace leaves only the new rows, append keeps all; tables stay apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from hygge_core.testing.frames import small
from hygge_core.testing.judge import holds, needs_mode
from hygge_core.testing.publish import publish, record_of, write


if TYPE_CHECKING:
    import polars as pl

    from hygge_core.commit import Table
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, Read


class ModeCases:
    """What becomes of the rows that were there."""

    def test_replace_removes_every_old_row(
        self, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        needs_mode(store, "replace")
        table = evolve(table, mode="replace")
        publish(store, table, new_run(), [[small(100), small(200)]])
        publish(store, table, new_run(), [[rows]])
        holds(read, table, rows, "replace removes every old row")

    def test_replace_by_nothing_leaves_an_empty_table(
        self, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        needs_mode(store, "replace")
        table = evolve(table, mode="replace")
        publish(store, table, new_run(), [[rows]])
        publish(store, table, new_run(), [[]])
        holds(read, table, rows.clear(), "replace by no rows leaves an empty table with its columns")

    def test_append_keeps_every_row(self, store: Store, read: Read, table: Table, new_run: NewRun) -> None:
        needs_mode(store, "append")
        table = evolve(table, mode="append")
        for start in (0, 10, 20):
            publish(store, table, new_run(), [[small(start), small(start + 5)]])
        holds(read, table, small(0, 30), "append keeps every row and adds its own once")

    def test_append_follows_replace_and_replace_append(
        self, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        needs_mode(store, "append")
        needs_mode(store, "replace")
        appended, replaced = evolve(table, mode="append"), evolve(table, mode="replace")
        publish(store, replaced, new_run(), [[small(0)]])
        publish(store, appended, new_run(), [[small(5)]])
        holds(read, table, small(0, 10), "append after replace keeps every row")
        publish(store, replaced, new_run(), [[small(20)]])
        holds(read, table, small(20), "replace after append removes every old row")

    def test_two_tables_staged_at_once_stay_apart(
        self, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        other, run = evolve(table, name="contact"), new_run()
        assert store.locate(other) != store.locate(table), "broken promise: no two tables share a place"
        stages = [(store.stage(one, run), frame) for one, frame in ((table, rows), (other, small(100)))]
        sealed = [(stage, write(stage, [[frame]])) for stage, frame in stages]
        for stage, staged in sealed:
            stage.commit(staged, record_of(staged))
        holds(read, table, rows, "two tables staged at once stay apart")
        holds(read, other, small(100), "two tables staged at once stay apart")

    def test_aborting_one_table_leaves_the_other(
        self, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        other, run = evolve(table, name="contact"), new_run()
        stage, doomed = store.stage(table, run), store.stage(other, run)
        staged = write(stage, [[rows]])
        write(doomed, [[small(100)]])
        doomed.abort()
        stage.commit(staged, record_of(staged))
        holds(read, table, rows, "aborting one table leaves the other's stage")
        holds(read, other, None, "an aborted stage is never visible")
