"""Odd names of tables and columns work or are refused; they never do damage."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest
from attrs import evolve

from hygge_core.errors import StoreError
from hygge_core.schema import columns_of
from hygge_core.testing.frames import NAMES
from hygge_core.testing.judge import holds
from hygge_core.testing.publish import publish


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.commit import Table, TableRun
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, Read


class NameCases:
    """Names come from databases where people are inventive."""

    promise: ClassVar[str] = "odd names of tables and columns work or are refused, and do no damage"
    refuses: ClassVar[Mapping[str, str]] = {}

    @pytest.mark.parametrize("name", NAMES)
    def test_odd_table_names(
        self, store: Store, read: Read, table: Table, new_run: NewRun, rows: pl.DataFrame, name: str
    ) -> None:
        table = evolve(table, name=name)
        if name in self.refuses:
            _is_refused(store, read, table, new_run(), rows)
            return
        publish(store, table, new_run(), [[rows]])
        publish(store, evolve(table, mode="replace"), new_run(), [[rows]])
        holds(read, table, rows, f"a table may be called {name!r}")

    @pytest.mark.parametrize("name", [*NAMES, "", ".", "..", "a/b", "a\\b", "new\nline"])
    def test_odd_column_names(self, store: Store, read: Read, table: Table, run: TableRun, name: str) -> None:
        frame = pl.DataFrame({"id": [1, 2], name: ["x", None]})
        table = evolve(table, columns=columns_of(frame.schema), key=())
        if name in self.refuses:
            _is_refused(store, read, table, run, frame)
            return
        publish(store, table, run, [[frame]])
        holds(read, table, frame, f"a column may be called {name!r}")

    def test_two_thousand_columns(self, store: Store, read: Read, table: Table, run: TableRun) -> None:
        frame = pl.DataFrame({"id": [1, 2]} | {f"column {number}": [number, None] for number in range(2000)})
        publish(store, evolve(table, columns=columns_of(frame.schema), key=()), run, [[frame]])
        holds(read, table, frame, "a table may have two thousand columns")

    def test_columns_that_differ_in_case_stay_apart(
        self, store: Store, read: Read, table: Table, run: TableRun
    ) -> None:
        frame = pl.DataFrame({"id": [1], "ID": [2], "Id": [3]})
        table = evolve(table, columns=columns_of(frame.schema), key=())
        if "case" in self.refuses:
            _is_refused(store, read, table, run, frame)
            return
        publish(store, table, run, [[frame]])
        holds(read, table, frame, "columns that differ in case stay apart")


def _is_refused(store: Store, read: Read, table: Table, run: TableRun, frame: pl.DataFrame) -> None:
    with pytest.raises(StoreError):
        publish(store, table, run, [[frame]])
    holds(read, table, None, "a refused table is never visible")
