"""One reading of one source: its rows in batches, and how far its range goes, all in one snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from attrs import evolve

from hygge_core.sql import Statement, count, exists
from hygge_core.watermark.marks import mark_of
from hygge_home_sqlite.ordering import Ordering


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.home import Isolation
    from hygge_core.mark import Mark
    from hygge_home_sqlite.columns import Column
    from hygge_home_sqlite.frames import Frames


class SqliteReading:
    """A `hygge_core.home.Reading` that is also `Ranged` and `Isolated` and tells what became text.

    ``frames`` are the rows to yield and ``size`` the bytes of a batch; ``followed`` is the column
    of the request's range, where it has one that exists.
    """

    def __init__(
        self,
        frames: Frames,
        *,
        size: int,
        isolation: Isolation,
        followed: Column | None = None,
        warnings: Sequence[str] = (),
    ) -> None:
        self._frames = frames
        self._size = size
        self._isolation = isolation
        self._followed = followed
        self._warnings = warnings
        self._closed = False

    @property
    def schema(self) -> pl.Schema:
        """The columns of every batch."""
        return self._frames.schema

    @property
    def isolation(self) -> Isolation:
        """What the read transaction guarantees."""
        return self._isolation

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows in batches near the size asked for. Raises `HomeError`."""
        for batch in self._frames.batches(self._size):
            yield batch
            if self._closed:
                return

    def count(self) -> int:
        """Count the rows that `batches` yields."""
        return int(self._frames.snapshot.value(count(self._frames.source.text, self._frames.where)))

    def high(self) -> Mark | None:
        """Return the highest value of the range's column: from SQLite where its order tells, else by reading it all."""
        column, rows = self._column(), self._frames
        found = Ordering(rows.snapshot, rows.source, column).highest()
        return mark_of(self._read_highest(column) if found is None else found)

    def has_nulls(self) -> bool:
        """Say whether a row has no value in the range's column."""
        condition = Statement(f"{self._column().sql} IS NULL")
        return bool(self._frames.snapshot.value(exists(self._frames.source.text, condition)))

    def warnings(self) -> Sequence[str]:
        """Say which columns became text."""
        return self._warnings

    def close(self) -> None:
        """End the snapshot, also in the middle of `batches`. Safe to call twice."""
        self._closed = True
        self._frames.snapshot.close()

    def _column(self) -> Column:
        if self._followed is None:
            raise ValueError("the reading was opened without a range on a column of the source")
        return self._followed

    def _read_highest(self, column: Column) -> pl.Series:
        batches = evolve(self._frames, columns=[column], where=None).batches(self._size)
        highest = [pl.Series([], dtype=column.dtype), *(_last(batch.to_series()) for batch in batches)]
        return _last(pl.concat([*highest, pl.Series([None], dtype=column.dtype)]))


def _last(values: pl.Series) -> pl.Series:
    return values.sort(descending=True, nulls_last=True).head(1)
