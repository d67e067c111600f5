"""An upsert replaces the rows of the same keys, takes deleted ones away and keeps all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest
from attrs import evolve

from hygge_core.errors import StoreError
from hygge_core.store import CountsRows, Merges
from hygge_core.testing.frames import small
from hygge_core.testing.judge import holds, needs, needs_mode, needs_several_writers
from hygge_core.testing.publish import publish, write


if TYPE_CHECKING:
    from hygge_core.commit import Table
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, Read


KEY = ("id",)


class UpsertCases:
    """What becomes of the rows that were there when others come under their keys."""

    promise: ClassVar[str] = "upsert replaces the rows of the same keys, takes deleted ones away and keeps all others"

    def test_a_stage_of_a_store_that_upserts_merges(self, store: Store, table: Table, new_run: NewRun) -> None:
        needs_mode(store, "upsert")
        stage = store.stage(evolve(table, mode="upsert"), new_run())
        assert isinstance(stage, Merges), "broken promise: the mode upsert is declared, and stages cannot merge"
        stage.abort()

    def test_upsert_replaces_rows_of_the_same_key(
        self, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        upserted = _old_table(store, table, new_run)
        publish(store, upserted, new_run(), [[_changed(3, 4)]], key=KEY)
        expected = pl.concat([small(0, 3), _changed(3, 4), small(7, 3)])
        holds(read, table, expected, "upsert replaces the rows of the same keys and keeps all others")

    def test_upsert_adds_rows_of_new_keys(self, store: Store, read: Read, table: Table, new_run: NewRun) -> None:
        upserted = _old_table(store, table, new_run)
        publish(store, upserted, new_run(), [[small(10, 5)]], key=KEY)
        holds(read, table, small(0, 15), "upsert adds the rows of new keys and keeps all others")

    def test_the_same_upsert_twice_is_one(self, store: Store, read: Read, table: Table, new_run: NewRun) -> None:
        upserted = _old_table(store, table, new_run)
        for _ in range(2):
            publish(store, upserted, new_run(), [[_changed(8, 4)]], key=KEY)
        holds(read, table, pl.concat([small(0, 8), _changed(8, 4)]), "the same upsert twice changes nothing more")

    def test_upsert_into_no_table_makes_it(self, store: Store, read: Read, table: Table, new_run: NewRun) -> None:
        needs_mode(store, "upsert")
        publish(store, evolve(table, mode="upsert"), new_run(), [[small()]], key=KEY)
        holds(read, table, small(), "an upsert into no table makes it")

    def test_upsert_takes_deleted_keys_away(self, store: Store, read: Read, table: Table, new_run: NewRun) -> None:
        upserted = _old_table(store, table, new_run)
        publish(store, upserted, new_run(), [[small(0, 0)]], key=KEY, deleted=_keys(0, 1, 2, 3, 4, 99))
        holds(read, table, small(5, 5), "upsert takes the deleted keys away and keeps all others")

    def test_a_key_that_comes_stays_though_it_is_deleted(
        self, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        upserted = _old_table(store, table, new_run)
        publish(store, upserted, new_run(), [[_changed(9, 2)]], key=KEY, deleted=_keys(0, 9))
        expected = pl.concat([small(1, 8), _changed(9, 2)])
        holds(read, table, expected, "a row that comes stays, though its key is deleted as well")

    def test_upsert_goes_by_all_columns_of_the_key(
        self, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        upserted = _old_table(store, evolve(table, key=("id", "name")), new_run)
        new = small(10, 2).with_columns(name=pl.Series(["row 0", "row 1"]))
        publish(store, upserted, new_run(), [[new]], key=("id", "name"))
        holds(read, table, pl.concat([small(0, 10), new]), "rows are told apart by all columns of the key")

    def test_several_writers_are_merged(self, store: Store, read: Read, table: Table, new_run: NewRun) -> None:
        needs_several_writers(store)
        upserted = _old_table(store, table, new_run)
        publish(store, upserted, new_run(), [[_changed(2, 2)], [_changed(4, 2)], [small(10, 1)]], key=KEY)
        expected = pl.concat([small(0, 2), _changed(2, 4), small(6, 5)])
        holds(read, table, expected, "the rows of all writers are merged")

    def test_merging_shows_nothing_and_an_abort_undoes_it(
        self, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        upserted = _old_table(store, table, new_run)
        stage = store.stage(upserted, new_run())
        write(stage, [[_changed(3, 9)]], key=KEY, deleted=_keys(0))
        holds(read, table, small(0, 10), "a merge is invisible until it is committed")
        stage.abort()
        holds(read, table, small(0, 10), "an abort leaves the table as it was before the merge")
        publish(store, upserted, new_run(), [[_changed(9, 1)]], key=KEY)
        holds(read, table, pl.concat([small(0, 9), _changed(9, 1)]), "a merge that was aborted spoils no later one")

    @pytest.mark.parametrize("key", ["twice", "null"])
    def test_a_key_that_names_no_single_row_is_refused(
        self, store: Store, read: Read, table: Table, new_run: NewRun, key: str
    ) -> None:
        upserted = _old_table(store, table, new_run)
        lost = small(3, 1) if key == "twice" else small(3, 1).with_columns(id=pl.lit(None, pl.Int64))
        with pytest.raises(StoreError):
            publish(store, upserted, new_run(), [[_changed(3, 2), lost]], key=KEY)
        holds(read, table, small(0, 10), f"an upsert with a key that is {key} leaves the table as it was")

    def test_upserts_appends_and_replacements_follow_each_other(
        self, store: Store, read: Read, table: Table, new_run: NewRun
    ) -> None:
        needs_mode(store, "append")
        upserted = _old_table(store, table, new_run)
        publish(store, evolve(table, mode="append"), new_run(), [[small(10, 5)]])
        publish(store, upserted, new_run(), [[_changed(9, 2)]], key=KEY)
        publish(store, evolve(table, mode="append"), new_run(), [[small(15, 1)]])
        expected = pl.concat([small(0, 9), _changed(9, 2), small(11, 5)])
        holds(read, table, expected, "upserts and appends keep each other's rows")
        publish(store, evolve(table, mode="replace"), new_run(), [[small(3, 2)]])
        holds(read, table, small(3, 2), "replace after upsert removes every old row")

    def test_the_receipt_of_an_upsert_counts_the_whole_table(self, store: Store, table: Table, new_run: NewRun) -> None:
        needs(isinstance(store, CountsRows), "the store does not count")
        upserted = _old_table(store, table, new_run)
        receipt = publish(store, upserted, new_run(), [[_changed(9, 3)]], key=KEY, deleted=_keys(0))
        assert receipt.rows == 11, f"broken promise: the receipt counts the whole table, 11 rows, not {receipt.rows}"
        assert isinstance(store, CountsRows)
        assert store.count(upserted) == 11, "broken promise: the visible rows of an upserted table are counted"


def _old_table(store: Store, table: Table, new_run: NewRun) -> Table:
    """Make a table of ten rows, and describe it for an upsert."""
    needs_mode(store, "upsert")
    needs_mode(store, "replace")
    publish(store, evolve(table, mode="replace"), new_run(), [[small(0, 5), small(5, 5)]])
    return evolve(table, mode="upsert")


def _changed(start: int, rows: int) -> pl.DataFrame:
    return small(start, rows).with_columns(name=pl.format("changed {}", "id"))


def _keys(*numbers: int) -> pl.LazyFrame:
    return pl.LazyFrame({"id": numbers}, schema={"id": pl.Int64})
