"""Streaming a lazy frame into Parquet parts, which begin anew near a target size."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, BinaryIO, Self

import polars as pl
from attrs import define, field

from hygge_core.commit import Part
from hygge_core.errors import StoreError
from hygge_core.staging.check import checksum
from hygge_core.staging.footer import row_count


if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from types import TracebackType

    from hygge_core.lake import Lake
    from hygge_core.staging.options import FileOptions


_SAMPLE_ROWS = 50_000
_STILL_OPEN = 2
"""Polars finishes a file before it opens the one after the next; only older ones are closed while it works."""


@define
class PartSink:
    """Writes parts of one stage into a lake.

    ``name`` gives each part's final name by its number, ``folder`` is where parts wait.
    Numbers go on from one call to the next and are shared by all writers of the stage.
    """

    lake: Lake
    folder: str
    options: FileOptions
    name: Callable[[], str]
    rotates: bool

    def write(self, frame: pl.LazyFrame, *, sample: pl.DataFrame | None = None) -> tuple[Part, ...]:
        """Stream the frame; ``sample`` holds some of its rows, a few are collected if it is not given.

        Errors of the frame's own source pass through as they are.
        """
        with _OpenParts(self.lake, self.folder, self.name) as parts:
            size = self._memory_bytes(frame, sample)
            target = pl.PartitionBy("", file_path_provider=lambda _: parts.open(), approximate_bytes_per_file=size)
            frame.sink_parquet(target, mkdir=False, **parquet_settings(self.options))
        return parts.finished()

    def _memory_bytes(self, frame: pl.LazyFrame, sample: pl.DataFrame | None) -> int | None:
        """Estimate how many bytes in memory make one file of the target size; None for a single file."""
        if not self.rotates:
            return None
        sample = frame.head(_SAMPLE_ROWS).collect() if sample is None else sample.head(_SAMPLE_ROWS)
        return int(self.options.file_size * compression_ratio(sample, self.options))


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
class _OpenParts:
    """The files of one sink: opened when Polars asks, closed, made durable and hashed beside its work."""

    lake: Lake
    folder: str
    name: Callable[[], str]
    _names: list[str] = field(factory=list)
    _contexts: list[ExitStack] = field(factory=list)
    _closing: list[Future[Part]] = field(factory=list)
    _gate: threading.Lock = field(factory=threading.Lock)
    _over: bool = False
    _background: ThreadPoolExecutor = field(factory=lambda: ThreadPoolExecutor(1, "hygge-close"))

    def open(self) -> BinaryIO:
        """Open the next part. Polars may still ask in the background when its sink has failed already."""
        with self._gate:
            if self._over:
                raise StoreError("the stage is given up, no more parts are opened")
            context = ExitStack()
            name = self.name()
            file = context.enter_context(self.lake.create(f"{self.folder}/{name}"))
            self._names.append(name)
            self._contexts.append(context)
            self._close(len(self._contexts) - _STILL_OPEN)
            return file

    def finished(self) -> tuple[Part, ...]:
        return tuple(future.result() for future in self._closing)

    def _close(self, count: int) -> None:
        while len(self._closing) < count:
            index = len(self._closing)
            self._closing.append(self._background.submit(self._finish, self._names[index], self._contexts[index]))

    def _finish(self, name: str, context: ExitStack) -> Part:
        context.close()
        staged = f"{self.folder}/{name}"
        entry = self.lake.stat(staged)
        return Part(
            name=name,
            staged=staged,
            rows=row_count(self.lake, staged),
            size=entry.size if entry else 0,
            checksum=checksum(self.lake, staged),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._gate:
            self._over = True
        try:
            if error is None:
                self._close(len(self._contexts))
            else:
                for context in self._contexts[len(self._closing) :]:
                    context.__exit__(kind, error, traceback)
        finally:
            self._background.shutdown()
