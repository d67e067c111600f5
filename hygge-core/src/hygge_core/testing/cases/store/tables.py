"""Tables stay apart, also when they are written at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ClassVar

from attrs import evolve

from hygge_core.testing.frames import small
from hygge_core.testing.judge import holds
from hygge_core.testing.publish import publish, record_of, write


if TYPE_CHECKING:
    import polars as pl

    from hygge_core.commit import Table
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, Read


class TableCases:
    """One store object serves many tables of one run, from many threads."""

    promise: ClassVar[str] = "tables that are written at the same time stay apart"

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

    def test_threads_publish_different_tables_at_once(
        self, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        run = new_run()
        tables = [evolve(table, name=f"table_{number}") for number in range(6)]
        with ThreadPoolExecutor(6) as threads:
            jobs = [threads.submit(publish, store, one, run, [[small(n * 10)]]) for n, one in enumerate(tables)]
            receipts = [job.result() for job in jobs]
        for number, (one, receipt) in enumerate(zip(tables, receipts, strict=True)):
            assert receipt.rows == 5, f"broken promise: each table's receipt counts its own rows, not {receipt.rows}"
            holds(read, one, small(number * 10), "tables published by threads at once each hold their own rows")
