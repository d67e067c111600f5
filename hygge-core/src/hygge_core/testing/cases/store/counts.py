"""Rows are counted exactly, part by part and for the whole table."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attrs import evolve

from hygge_core.store import CountsRows
from hygge_core.testing.frames import small
from hygge_core.testing.judge import needs, needs_mode, writers_of
from hygge_core.testing.publish import publish, record_of, write


if TYPE_CHECKING:
    from hygge_core.commit import Table, TableRun
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun


class CountCases:
    """What a run reports, a check compares and ``hygge verify`` trusts."""

    promise: ClassVar[str] = "rows are counted exactly: those of each part, of a commit and of the table"

    def test_parts_count_the_rows_that_were_written(self, store: Store, table: Table, run: TableRun) -> None:
        stage = store.stage(table, run)
        for sizes in ((0, 1000, 0, 1), (63, 64, 65), (1,), (0,), ())[: writers_of(store, 5)]:
            writer = stage.writer()
            for size in sizes:
                writer.write(small(0, size))
            counted = sum(part.rows for part in writer.close())
            assert counted == sum(sizes), f"broken promise: the parts of {sum(sizes)} rows count them, not {counted}"
        stage.abort()

    def test_a_receipt_counts_what_was_written(self, store: Store, table: Table, run: TableRun) -> None:
        stage = store.stage(table, run)
        staged = write(stage, [[small(0, 7), small(7, 0), small(7, 4)]])
        assert staged.rows == 11, f"broken promise: a sealed stage counts its rows: 11, not {staged.rows}"
        receipt = stage.commit(staged, record_of(staged))
        assert receipt.rows == 11, (
            f"broken promise: a receipt counts the rows that became visible: 11, not {receipt.rows}"
        )

    def test_visible_rows_are_counted(self, store: Store, table: Table, new_run: NewRun) -> None:
        counting = _counting(store)
        assert counting.count(table) == 0, "broken promise: a table that does not exist has zero rows"
        publish(store, table, new_run(), [[small(0, 7), small(7, 4)]])
        assert counting.count(table) == 11, "broken promise: the store counts what readers see"
        write(store.stage(evolve(table), new_run()), [[small(100)]])
        assert counting.count(table) == 11, "broken promise: staged rows are not counted"

    def test_the_rows_of_chosen_parts_are_counted(self, store: Store, table: Table, new_run: NewRun) -> None:
        needs_mode(store, "append")
        counting, appended = _counting(store), evolve(table, mode="append")
        first = publish(store, appended, new_run(), [[small(0, 7)]])
        second = publish(store, appended, new_run(), [[small(7, 4)]])
        counted = [counting.count(table, receipt.record.parts) for receipt in (first, second)]
        assert counted == [7, 4], f"broken promise: the rows of chosen parts are counted: 7 and 4, not {counted}"
        assert counting.count(table) == 11, "broken promise: the store counts what readers see"


def _counting(store: Store) -> CountsRows:
    needs(isinstance(store, CountsRows), "the store does not count rows")
    assert isinstance(store, CountsRows)
    return store
