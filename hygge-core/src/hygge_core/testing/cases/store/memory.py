"""What a store remembers is what was committed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attrs import evolve

from hygge_core.commit import Recovery
from hygge_core.mark import Mark, Watermark
from hygge_core.store import Recalls, Recovers, Remembers
from hygge_core.testing.frames import small
from hygge_core.testing.judge import holds, needs, needs_mode, through_json
from hygge_core.testing.publish import publish, record_of, write


if TYPE_CHECKING:
    import polars as pl

    from hygge_core.commit import Table, TableRun
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, OpenStore, Read


def _watermark(text: str) -> Watermark:
    return Watermark(column="id", key=("id", "name"), mark=Mark(dtype="int64", text=text))


class MemoryCases:
    """Commit records, counts, and recovery of tables where nothing went wrong."""

    promise: ClassVar[str] = "what was committed is remembered, with its columns and its watermark"

    def test_nothing_is_remembered_before_the_first_commit(
        self, store: Store, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        needs(isinstance(store, Remembers), "the store does not remember")
        assert isinstance(store, Remembers)
        assert store.last(table) is None, "broken promise: there is no last commit before the first"
        stage = store.stage(table, run)
        write(stage, [[rows]])
        assert store.last(table) is None, "broken promise: a sealed stage is not a commit"
        stage.abort()
        assert store.last(table) is None, "broken promise: an aborted stage is not a commit"

    def test_the_last_commit_is_remembered_whole(
        self, store: Store, open_store: OpenStore, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        needs(isinstance(store, Remembers), "the store does not remember")
        publish(store, table, new_run(), [[small(100)]], watermark=_watermark("1"))
        receipt = publish(store, table, new_run(), [[rows, rows]], watermark=_watermark("2"))
        for opened in (store, open_store()):
            assert isinstance(opened, Remembers)
            last = opened.last(table)
            assert last is not None, "broken promise: a commit is remembered"
            assert last.table.columns == table.columns, "broken promise: the committed columns are remembered"
            assert last.watermark == _watermark("2"), "broken promise: the watermark is remembered"
            assert last == receipt.record, "broken promise: the record that is remembered is the one in the receipt"

    def test_every_commit_is_recalled_in_its_order(
        self, store: Store, open_store: OpenStore, table: Table, new_run: NewRun
    ) -> None:
        needs(isinstance(store, Recalls), "the store does not recall its commits")
        assert isinstance(store, Recalls)
        assert not list(store.commits(table)), "broken promise: there are no commits before the first"
        made = [publish(store, table, new_run(), [[small(n)]], watermark=_watermark(str(n))).record for n in range(3)]
        write(store.stage(table, new_run()), [[small(100)]])
        for opened in (store, open_store()):
            assert isinstance(opened, Recalls)
            assert list(opened.commits(table)) == made, "broken promise: every commit is recalled, the oldest first"

    def test_a_commit_without_parts_moves_nothing_but_the_watermark(
        self, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame
    ) -> None:
        needs_mode(store, "append")
        publish(store, table, new_run(), [[rows]], watermark=_watermark("1"))
        stage = store.stage(evolve(table, mode="append"), new_run())
        staged = stage.seal(())
        record = evolve(record_of(staged, _watermark("2")), origin="set", by="somebody@somewhere")
        receipts = [stage.commit(staged, record) for _ in range(2)]
        assert receipts[0] == receipts[1], "broken promise: committing again returns the same receipt"
        holds(read, table, rows, "a commit without parts leaves every row as it is")
        if isinstance(store, Recovers):
            store.recover(table)
            holds(read, table, rows, "a commit without parts leaves every row as it is")
        if isinstance(store, Remembers):
            last = store.last(table)
            assert last == receipts[0].record, "broken promise: a commit without parts is remembered"
            assert last.watermark == _watermark("2"), "broken promise: a commit without parts brings its watermark"
            assert (last.origin, last.by) == ("set", "somebody@somewhere"), "broken promise: who made it is remembered"

    def test_the_rows_of_a_record_survive_json(
        self, store: Store, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        stage = store.stage(table, run)
        staged = write(stage, [[rows, rows]])
        record = record_of(staged, _watermark("5"))
        stage.abort()
        assert through_json(staged, record) == (staged, record), "broken promise: staged data and record are plain data"
        assert record.rows == 2 * rows.height, "broken promise: a sealed stage counts its rows"

    def test_recovering_where_nothing_happened_changes_nothing(
        self, store: Store, read: Read, table: Table, run: TableRun, rows: pl.DataFrame
    ) -> None:
        needs(isinstance(store, Recovers), "the store does not recover")
        assert isinstance(store, Recovers)
        for _ in range(2):
            found = store.recover(table)
            assert found == Recovery(), f"broken promise: an untouched table needs no recovery, but: {found}"
        publish(store, table, run, [[rows]])
        for _ in range(2):
            found = store.recover(table)
            assert found == Recovery(), f"broken promise: a finished commit needs no recovery, but: {found}"
        holds(read, table, rows, "recovery leaves a finished commit alone")
