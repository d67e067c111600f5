"""Comparing the keys of source and store: first in buckets, then one by one where buckets differ."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

import polars as pl
from attrs import define, field

from hygge_core.verify.buckets import BUCKET, COPIES, STANDING, bucket_count, bucket_sums, differing, in_buckets
from hygge_core.verify.exact import different, kinds, told
from hygge_core.verify.expectation import REQUIRED
from hygge_core.verify.verdict import Comparison


if TYPE_CHECKING:
    from hygge_core.verify.sides import Sides
    from hygge_core.verify.verdict import Difference, Kind


_GROUPS_BEYOND_THE_LIMIT = 8
_ONCE = pl.lit(1, dtype=pl.UInt64).alias(COPIES)


@define
class KeyComparison:
    """The comparison of one table.

    ``rows`` are the visible ones; at most ``limit`` differences are shown, and after those
    counting goes on for a few million rows only.
    """

    sides: Sides
    rows: int
    limit: int
    standings: dict[int, int] = field(factory=dict)
    _found: Counter[str] = field(factory=Counter)
    _shown: list[Difference] = field(factory=list)

    def compare(self) -> Comparison:
        """Compare, and count in ``standings`` the rows of the source by what they are to the store."""
        buckets = bucket_count(self.rows)
        source, store = self._source_sums(buckets), self._store_sums(buckets)
        keys = max(1, int(store.select(pl.nth(1).sum()).item()))
        groups = list(differing(source, store, rows_for_a_key=-(-self.rows // keys)))
        compared = 0
        for group in groups:
            if self._enough(compared):
                break
            self._look_into(group, buckets)
            compared += 1
        return Comparison(
            columns=self.sides.key,
            differing=cast("dict[Kind, int]", dict(sorted(self._found.items()))),
            shown=tuple(self._shown),
            complete=compared == len(groups),
        )

    def _enough(self, compared: int) -> bool:
        return compared >= _GROUPS_BEYOND_THE_LIMIT and len(self._shown) >= self.limit

    def _source_sums(self, buckets: int) -> pl.DataFrame:
        rows = in_buckets(self.sides.wanted(), self.sides.key, buckets).with_columns(_ONCE)
        sums = self.sides.source.collect(bucket_sums(rows, self.sides.key, STANDING))
        counts = sums.group_by(STANDING).agg(pl.nth(2).sum())
        self.standings = dict(counts.iter_rows())
        return sums.filter(pl.col(STANDING) == REQUIRED).drop(STANDING)

    def _store_sums(self, buckets: int) -> pl.DataFrame:
        sides = self.sides
        portions = sides.newest(self.rows) if sides.expectation.versions else [sides.there().with_columns(_ONCE)]
        queries = (bucket_sums(in_buckets(some, sides.key, buckets), sides.key) for some in portions)
        sums = pl.concat([sides.target.collect(query) for query in queries])
        return sums.group_by(BUCKET).agg(pl.all().sum())

    def _look_into(self, group: list[int], buckets: int) -> None:
        sides = self.sides
        wanted, there = (
            in_buckets(frame, sides.key, buckets).filter(pl.col(BUCKET).is_in(group)).drop(BUCKET)
            for frame in (sides.wanted(), sides.there())
        )
        source, store = sides.source.collect(wanted), sides.target.collect(there)
        found = different(source, store, sides.key, versions=sides.expectation.versions)
        self._found.update(kinds(found))
        self._shown += told(found.head(self.limit - len(self._shown)), sides.key)
