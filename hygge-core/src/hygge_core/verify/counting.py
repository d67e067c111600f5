"""Counting both sides of one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hygge_core.home import Counts
from hygge_core.verify.buckets import COPIES, STANDING
from hygge_core.verify.expectation import NEWER, OUTSIDE, REQUIRED


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.verify.sides import Sides


def source_counts(sides: Sides) -> dict[str, int]:
    """Count the rows of the source: by the home where all of them matter, else by what each is to the store."""
    source = sides.source
    if sides.expectation.counts_all and isinstance(source.home, Counts):
        return by_standing({REQUIRED: source.home.count(source.request)})
    standing = sides.expectation.standing(source.schema).alias(STANDING)
    found = source.collect(source.frame().with_columns(standing).group_by(STANDING).len())
    return by_standing(dict(found.iter_rows()))


def by_standing(counts: Mapping[int, int]) -> dict[str, int]:
    """Name the counts as `RowCounts` does."""
    return {"source": counts.get(REQUIRED, 0), "newer": counts.get(NEWER, 0), "outside": counts.get(OUTSIDE, 0)}


def visible_rows(sides: Sides) -> int:
    """Count the rows that readers see by looking at them, for a store that does not count."""
    return int(sides.target.collect(sides.target.frame().select(pl.len())).item())


def version_counts(sides: Sides, rows: int) -> tuple[int, int]:
    """Count the keys of a table that keeps versions, and those of which a version comes more than once."""
    keys = doubled = 0
    for some in sides.newest(rows):
        found = sides.target.collect(some.select(pl.len(), (pl.col(COPIES) > 1).sum()))
        keys += found.item(0, 0)
        doubled += found.item(0, 1)
    return keys, doubled
