"""Streaming a lazy frame into Parquet parts, which begin anew near a target size."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any, Self, cast

import polars as pl
from attrs import define, field

from hygge_core.commit import Part
from hygge_core.errors import StoreError
from hygge_core.staging.footer import row_count
from hygge_core.staging.morsels import fit_morsels
from hygge_core.staging.outflow import Outflow


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future
    from types import TracebackType

    from hygge_core.lake import Lake
    from hygge_core.staging.options import FileOptions

    Watch = Callable[[int], None]


_SAMPLE_ROWS, _SAMPLE_ROWS_OF_WIDE = 50_000, 1_000
_SAMPLE_VALUES = 1_000_000
_MOST_CLOSING = 4


@define
class PartSink:
    """Writes parts of one stage into a lake.

    ``name`` gives each part's final name by its place in the stream, ``folder`` is where
    parts wait.
    """

    lake: Lake
    folder: str
    options: FileOptions
    name: Callable[[int], str]
    rotates: bool

    def write(
        self, frame: pl.LazyFrame, *, sample: pl.DataFrame | None = None, watch: Watch | None = None
    ) -> tuple[Part, ...]:
        """Stream the frame; ``sample`` holds some of its rows, a few are collected if it is not given.

        A frame of fewer rows than that is not read again.  Errors of the frame's own source, of
        the lake and of ``watch`` pass through as they are.
        """
        most = sample_rows(frame.collect_schema().len())
        if sample is None:
            sample = frame.head(most).collect()
            frame = sample.lazy() if sample.height < most else frame
        sample = sample.head(most)
        fit_morsels(sample)
        with _OpenParts(self.lake, self.folder, self.name, watch) as parts:
            target = pl.PartitionBy(
                "",
                file_path_provider=lambda part: parts.open(part.index_in_partition),
                approximate_bytes_per_file=self._memory_bytes(sample),
            )
            frame.sink_parquet(target, mkdir=False, **parquet_settings(self.options))
        return parts.finished()

    def _memory_bytes(self, sample: pl.DataFrame) -> int | None:
        """Estimate how many bytes in memory make one file of the target size; None for a single file."""
        return int(self.options.file_size * compression_ratio(sample, self.options)) if self.rotates else None


def sample_rows(columns: int) -> int:
    """Return how many rows tell enough of a table: fewer where there are many columns."""
    return min(_SAMPLE_ROWS, max(_SAMPLE_ROWS_OF_WIDE, _SAMPLE_VALUES // max(columns, 1)))


def compression_ratio(sample: pl.DataFrame, options: FileOptions) -> float:
    """Measure how many bytes in memory become one byte of Parquet; 1.0 for an empty sample."""
    if sample.height == 0 or sample.width == 0:
        return 1.0
    written = io.BytesIO()
    sample.write_parquet(written, **parquet_settings(options))
    return max(sample.estimated_size() / len(written.getbuffer()), 0.1)


def parquet_settings(options: FileOptions) -> dict[str, Any]:
    """Name the options as Polars does."""
    return {
        "compression": options.compression,
        "compression_level": options.compression_level,
        "row_group_size": options.row_group_rows,
    }


@define
class _OpenPart:
    """One file between Polars and the lake; ``lake_file`` makes it durable when it is closed."""

    name: str
    outflow: Outflow
    lake_file: ExitStack
    closing: Future[Part] | None = None


@define
class _OpenParts:
    """The files of one sink: opened when Polars asks, closed and made durable beside its work."""

    lake: Lake
    folder: str
    name: Callable[[int], str]
    watch: Watch | None
    _parts: list[_OpenPart] = field(factory=list)
    _gate: threading.Lock = field(factory=threading.Lock)
    _over: bool = False
    _background: ThreadPoolExecutor = field(factory=lambda: ThreadPoolExecutor(1, "hygge-close"))

    def open(self, index: int) -> IO[bytes]:
        """Open a part; Polars asks for them in any order, and perhaps still when its sink has failed already."""
        with self._gate:
            if self._over:
                raise StoreError("the stage is given up, no more parts are opened")
            lake_file = ExitStack()
            name = self.name(index)
            file = lake_file.enter_context(self.lake.create(f"{self.folder}/{name}"))
            self._close(part for part in self._parts if part.outflow.ended)
            self._catch_up()
            self._parts.append(_OpenPart(name, Outflow(file, self.watch), lake_file))
            return cast("IO[bytes]", self._parts[-1].outflow)

    def finished(self) -> tuple[Part, ...]:
        parts = sorted(self._parts, key=lambda part: part.name)
        return tuple(part.closing.result() for part in parts if part.closing)

    def _catch_up(self) -> None:
        """Hold Polars up while the disk is behind, so that files do not stay open by the hundred."""
        closing = [part.closing for part in self._parts if part.closing and not part.closing.done()]
        for future in closing[:-_MOST_CLOSING]:
            future.result()

    def _close(self, parts: Iterable[_OpenPart]) -> None:
        for part in parts:
            part.closing = part.closing or self._background.submit(self._finish, part)

    def _finish(self, part: _OpenPart) -> Part:
        part.lake_file.close()
        staged = f"{self.folder}/{part.name}"
        entry = self.lake.stat(staged)
        if entry is None or entry.size != part.outflow.size:
            raise StoreError(
                f"{part.outflow.size:,} bytes were written and {entry.size if entry else 0:,} are there",
                where=self.lake.url(staged),
                fix="check the disk; the old table is as it was",
            )
        rows = row_count(self.lake, staged)
        return Part(name=part.name, staged=staged, rows=rows, size=entry.size, checksum=part.outflow.checksum)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._gate:
            self._over = True
        # Looked at before files are closed: Polars may go on writing to closed ones, which says nothing.
        fault = next((part.outflow.fault for part in self._parts if part.outflow.fault), None)
        try:
            if error is None:
                self._close(self._parts)
                return
            for part in self._parts:
                if part.closing is None:
                    part.lake_file.__exit__(kind, error, traceback)
        finally:
            self._background.shutdown()
        if fault is not None:
            raise fault from error
