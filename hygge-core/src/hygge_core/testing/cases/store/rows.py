"""Rows that a store or a stage reads back are those that readers see, or will."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest
from attrs import evolve

from hygge_core.store import ReadsRows, ShowsRows
from hygge_core.testing.frames import difference, small
from hygge_core.testing.judge import needs, needs_mode
from hygge_core.testing.publish import publish


if TYPE_CHECKING:
    from hygge_core.commit import Table, TableRun
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, OpenStore


class RowCases:
    """What incremental runs, checks and ``hygge verify`` look at."""

    promise: ClassVar[str] = "rows that are read back are those that readers see, or will"

    def test_a_table_that_does_not_exist_shows_no_rows(self, store: Store, table: Table) -> None:
        assert _rows(store, table) is None, "broken promise: a table that does not exist shows no rows"

    def test_a_store_shows_the_visible_rows(
        self, store: Store, open_store: OpenStore, table: Table, new_run: NewRun
    ) -> None:
        publish(store, table, new_run(), [[small(0, 5)]])
        publish(store, table, new_run(), [[small(5, 5), small(10, 2)]])
        expected = small(5, 7) if table.mode == "replace" else small(0, 12)
        for opened in (store, open_store()):
            _shows(_rows(opened, table), expected, "a store shows the rows that readers see")

    def test_a_store_shows_appended_rows(self, store: Store, table: Table, new_run: NewRun) -> None:
        needs_mode(store, "append")
        for start in (0, 5):
            publish(store, evolve(table, mode="append"), new_run(), [[small(start)]])
        _shows(_rows(store, table), small(0, 10), "a store shows the rows of every append")

    def test_a_store_does_not_show_staged_rows(self, store: Store, table: Table, new_run: NewRun) -> None:
        needs(isinstance(store, ReadsRows), "the store does not read its tables back")
        publish(store, table, new_run(), [[small(0, 5)]])
        stage = store.stage(table, new_run())
        writer = stage.writer()
        writer.write(small(50))
        stage.seal(writer.close())
        _shows(_rows(store, table), small(0, 5), "a store does not show rows before they are committed")
        stage.abort()

    def test_shown_rows_can_be_narrowed(self, store: Store, table: Table, new_run: NewRun) -> None:
        needs(isinstance(store, ReadsRows), "the store does not read its tables back")
        publish(store, table, new_run(), [[small(0, 50)]])
        rows = _rows(store, table)
        assert rows is not None, "broken promise: a store shows the rows that readers see"
        narrowed = rows.filter(pl.col("id").is_between(20, 23)).select("name", "id")
        _shows(narrowed, small(20, 4).select("name", "id"), "shown rows can be filtered and their columns chosen")
        counted = rows.select(pl.len()).collect().item()
        assert counted == 50, f"broken promise: shown rows can be counted: 50, not {counted}"

    def test_a_stage_shows_the_rows_of_the_parts_it_is_asked_for(
        self, store: Store, table: Table, run: TableRun
    ) -> None:
        stage = store.stage(table, run)
        if not isinstance(stage, ShowsRows):
            stage.abort()
            pytest.skip("the stage does not read its parts back")
        writer = stage.writer()
        writer.write(small(3))
        parts = writer.close()
        _shows(stage.rows(parts), small(3), "a stage shows the rows of staged parts")
        _shows(stage.rows(()), small(0, 0), "of no parts a stage shows the columns without rows")
        stage.seal(parts)
        _shows(stage.rows(parts), small(3), "a stage shows the rows of sealed parts, which stay staged")
        stage.abort()


def _rows(store: Store, table: Table) -> pl.LazyFrame | None:
    needs(isinstance(store, ReadsRows), "the store does not read its tables back")
    assert isinstance(store, ReadsRows)
    return store.rows(table)


def _shows(rows: pl.LazyFrame | None, expected: pl.DataFrame, promise: str) -> None:
    wrong = difference(None if rows is None else rows.collect(), expected)
    assert not wrong, f"broken promise: {promise}. It shows: {wrong}"
