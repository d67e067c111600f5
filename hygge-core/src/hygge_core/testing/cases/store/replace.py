"""Replace leaves only the new rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attrs import evolve

from hygge_core.testing.frames import small
from hygge_core.testing.judge import holds, needs_mode
from hygge_core.testing.publish import publish


if TYPE_CHECKING:
    import polars as pl

    from hygge_core.commit import Table
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, Read


class ReplaceCases:
    """What becomes of the rows that were there when a whole table comes."""

    promise: ClassVar[str] = "replace removes every old row and shows every new one"

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
