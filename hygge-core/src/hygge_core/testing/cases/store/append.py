"""Append keeps every row that was there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attrs import evolve

from hygge_core.testing.frames import small
from hygge_core.testing.judge import holds, needs_mode
from hygge_core.testing.publish import publish


if TYPE_CHECKING:
    from hygge_core.commit import Table
    from hygge_core.store import Store
    from hygge_core.testing.judge import NewRun, Read


class AppendCases:
    """What becomes of the rows that were there when more of them come."""

    promise: ClassVar[str] = "append keeps every row and adds its own once"

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
