"""Any number and size of batches, from any number of writers and threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from attrs import evolve

from hygge_core.errors import StoreError
from hygge_core.testing.frames import difference, small
from hygge_core.testing.judge import holds, needs_several_writers
from hygge_core.testing.publish import publish, record_of


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.commit import Part, Table, TableRun
    from hygge_core.store import Stage, Store
    from hygge_core.testing.judge import Read


class BatchCases:
    """What comes in is what is committed, in whichever pieces it came."""

    promise: ClassVar[str] = "rows arrive whole in any number and size of batches, from any number of writers"

    def test_no_batches_make_an_empty_table(
        self, store: Store, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        receipt = publish(store, table, run, [[]])
        assert receipt.rows == 0, "broken promise: a commit of no batches has no rows"
        assert receipt.record.parts, "broken promise: a writer yields at least one part, of zero rows if nothing came"
        holds(read, table, rows.clear(), "no batches make an empty table that has its columns")

    def test_an_empty_batch_is_harmless(
        self, store: Store, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        publish(store, table, run, [[rows.clear(), rows, rows.clear()]])
        holds(read, table, rows, "an empty batch neither adds nor removes rows")

    def test_a_huge_batch_arrives_whole(self, store: Store, read: Read, table: Table, run: TableRun) -> None:
        huge = small(0, 1_000_000)
        receipt = publish(store, table, run, [[huge]])
        assert receipt.rows == huge.height, "broken promise: a receipt counts the rows that became visible"
        holds(read, table, huge, "one huge batch arrives whole")

    def test_a_value_of_many_megabytes_arrives_whole(
        self, store: Store, read: Read, table: Table, run: TableRun
    ) -> None:
        huge = small(0, 2).with_columns(name=pl.Series(["å" * (8 << 20), None]))
        publish(store, table, run, [[huge]])
        holds(read, table, huge, "a value of sixteen mebibytes arrives whole")

    def test_many_small_batches_arrive_whole(self, store: Store, read: Read, table: Table, run: TableRun) -> None:
        publish(store, table, run, [[small(start, 1) for start in range(200)]])
        holds(read, table, small(0, 200), "many small batches arrive whole")

    def test_several_writers_share_a_stage(self, store: Store, read: Read, table: Table, run: TableRun) -> None:
        needs_several_writers(store)
        receipt = publish(store, table, run, [[small(0)], [], [small(5), small(10)]])
        names = [part.name for part in receipt.record.parts]
        assert len(set(names)) == len(names), f"broken promise: every part has a name of its own: {names}"
        holds(read, table, small(0, 15), "rows of all writers become visible together")

    def test_writers_run_in_threads(self, store: Store, read: Read, table: Table, run: TableRun) -> None:
        needs_several_writers(store)
        stage = store.stage(table, run)
        with ThreadPoolExecutor(4) as threads:
            parts = [part for found in threads.map(lambda n: _write_ten(stage, n), range(8)) for part in found]
        staged = stage.seal(parts)
        assert staged.rows == 800, f"broken promise: a sealed stage counts its rows: 800, not {staged.rows}"
        stage.commit(staged, record_of(staged))
        holds(read, table, small(0, 800), "rows written by many threads become visible, each once")

    def test_no_columns_are_refused_or_kept(self, store: Store, read: Read, table: Table, run: TableRun) -> None:
        table = evolve(table, columns=(), key=())
        try:
            publish(store, table, run, [[pl.DataFrame()]])
        except StoreError:
            holds(read, table, None, "a refused table is never visible")
        else:
            wrong = difference(read(table), pl.DataFrame())
            assert not wrong, f"broken promise: a table of no columns is refused or kept as it is: {wrong}"


def _write_ten(stage: Stage, number: int) -> Sequence[Part]:
    writer = stage.writer()
    for batch in range(10):
        writer.write(small(number * 100 + batch * 10, 10))
    return writer.close()
