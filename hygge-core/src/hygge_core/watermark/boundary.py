"""Which rows pass: those of the range, and of them those that the store does not show yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import polars as pl
from attrs import evolve, frozen

from hygge_core.errors import StoreError
from hygge_core.polish.column import column
from hygge_core.watermark.marks import literal_of


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.mark import Range


F = TypeVar("F", pl.DataFrame, pl.LazyFrame)


@frozen(kw_only=True)
class Boundary:
    """What a reading's rows are measured against; without a ``range`` all of them pass.

    ``seen`` holds the versions of rows that the store shows in the range, by the columns
    ``version`` under their names in the store; None where nothing is left out by it.
    """

    range: Range | None = None
    seen: pl.LazyFrame | None = None
    version: Sequence[str] = ()

    @property
    def filters(self) -> bool:
        """Tell whether any row could be held back."""
        return self.range is not None

    def within(self, frame: F) -> F:
        """Keep the rows of the range, before the polish."""
        return frame if self.range is None else frame.filter(inside(self.range))

    def gathered(self) -> Boundary:
        """Collect what the store shows, to be asked many times."""
        return self if self.seen is None else evolve(self, seen=self.seen.collect(engine="streaming").lazy())

    def unseen(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Leave out versions of rows that the store shows, after the polish. The store's side is held in memory."""
        if self.seen is None:
            return frame
        on = [column(name) for name in self.version]
        return frame.join(self.seen, on=on, how="anti", nulls_equal=True, build_side="prefer_right")


def inside(wanted: Range) -> pl.Expr:
    """Say exactly, as a condition, which rows belong to a range."""
    value = column(wanted.column)
    condition = value.is_not_null()
    if wanted.low is not None:
        condition &= value >= literal_of(wanted.low)
    if wanted.high is not None:
        condition &= value <= literal_of(wanted.high)
    return condition | value.is_null() if wanted.nulls else condition


def versions(rows: pl.LazyFrame, wanted: Range, version: Sequence[str], schema: pl.Schema, where: str) -> pl.LazyFrame:
    """Choose from a table's visible rows what `Boundary.seen` needs.

    ``wanted`` and ``version`` go by names in the store; ``schema`` has the dtypes that the new
    rows come with.  Raises `StoreError` for a table that lacks one of the columns.
    """
    present = rows.collect_schema()
    missing = [name for name in version if name not in present]
    if missing:
        raise StoreError(
            f"the table shows no column {', '.join(map(repr, missing))}, by which its rows are told apart",
            where=where,
            fix="load it anew with --full-drop",
        )
    found = rows.filter(inside(evolve(wanted, column=version[-1])))
    return found.select(column(name).cast(schema[name]) for name in version)
