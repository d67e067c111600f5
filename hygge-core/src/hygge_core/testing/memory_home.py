"""A home in memory: frames by name, read in batches as from any other home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.errors import HomeError
from hygge_core.home import Isolation
from hygge_core.polish.column import column
from hygge_core.watermark.marks import mark_of


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import polars as pl

    from hygge_core.home import ReadRequest
    from hygge_core.mark import Mark


class MemoryHome:
    """A home whose tables are frames, each under the name of its entity.

    It takes no short cuts: rows come in batches of about ``ReadRequest.batch_bytes``.
    """

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self.tables = dict(tables)

    def locate(self, request: ReadRequest) -> str:
        """Say what would be read."""
        return f"memory:{request.entity}"

    def read(self, request: ReadRequest) -> MemoryReading:
        """Open one table. Raises `HomeError` that lists what there is."""
        return MemoryReading(self._frame(request), request)

    def count(self, request: ReadRequest) -> int:
        """Count the rows of one table."""
        return self._frame(request).height

    def discover(self) -> Iterable[str]:
        """Name all tables."""
        return sorted(self.tables)

    def close(self) -> None:
        """Let go of nothing."""

    def _frame(self, request: ReadRequest) -> pl.DataFrame:
        frame = self.tables.get(request.entity)
        if frame is None:
            there = ", ".join(self.discover()) or "nothing"
            raise HomeError("there is no such table", where=self.locate(request), fix=f"the home holds {there}")
        return frame


class MemoryReading:
    """One reading of one frame, which is its own snapshot. It leaves filtering to the engine."""

    isolation = Isolation(name="memory", snapshot=True)

    def __init__(self, frame: pl.DataFrame, request: ReadRequest) -> None:
        self._frame = frame
        self._batch_bytes = request.batch_bytes
        self._column = request.range.column if request.range else ""

    @property
    def schema(self) -> pl.Schema:
        """The columns of every batch."""
        return self._frame.schema

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield slices of at most the size asked for, where a row is not larger; none for a frame without rows."""
        for offset, rows in _cut(self._frame, 0, self._frame.height, self._batch_bytes):
            yield self._frame.slice(offset, rows)

    def high(self) -> Mark | None:
        """Find the highest value of the range's column."""
        return mark_of(self._frame.lazy().select(column(self._column).max()).collect().to_series())

    def has_nulls(self) -> bool:
        """Say whether a row has no value in the range's column."""
        return self._frame[self._column].null_count() > 0

    def close(self) -> None:
        """Let go of nothing."""


def _cut(frame: pl.DataFrame, offset: int, rows: int, size: int) -> Iterator[tuple[int, int]]:
    """Halve the rows until each piece fits, since they may differ in size."""
    if rows > 1 and frame.slice(offset, rows).estimated_size() > size:
        yield from _cut(frame, offset, rows // 2, size)
        yield from _cut(frame, offset + rows // 2, rows - rows // 2, size)
    elif rows:
        yield offset, rows
