"""One reading of one table of files: a lazy frame, watched while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hygge_core import HomeError
from hygge_core.home import Isolation
from hygge_core.mark import Mark
from hygge_core.schema import text_of
from hygge_core.watermark.kinds import kind_of
from hygge_home_files.opening import POLARS_ERRORS, first_line, out_of_reach


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

    from hygge_core.parquet.statistics import Extent
    from hygge_home_files.files import Watched
    from hygge_home_files.scratch import Scratch


_SAMPLE = 1024


class FrameReading:
    """A `hygge_core.home.Reading` that can also scan, list files, warn and explain.

    ``frame`` has exactly ``schema``; ``watched`` are the files as they were before anything
    was read from them; ``blame`` finds the file that an error of Polars is about, and
    ``remote`` says that Polars reads over a network.
    """

    def __init__(  # noqa: PLR0913 - what one reading holds
        self,
        *,
        frame: pl.LazyFrame,
        schema: pl.Schema,
        watched: Sequence[Watched],
        batch_bytes: int,
        where: str,
        scratch: Scratch,
        rows: int,
        files: Sequence[str] = (),
        warnings: Sequence[str] = (),
        blame: Callable[[], str | None] = lambda: None,
        remote: bool = False,
    ) -> None:
        self._frame = frame
        self._schema = schema
        self._watched = watched
        self._batch_bytes = batch_bytes
        self._where = where
        self._scratch = scratch
        self._rows = rows
        self._files = files
        self._warnings = warnings
        self._blame = blame
        self._remote = remote
        self._closed = False

    @property
    def schema(self) -> pl.Schema:
        """The columns of every batch."""
        return self._schema

    def rows(self) -> int:
        """Say how many rows there are, as counted before they are read: in footers, or by the survey."""
        return self._rows

    @property
    def isolation(self) -> Isolation:
        """Say that all rows are of one moment: a file that changes meanwhile is an error."""
        return Isolation(name="files unchanged while read", snapshot=True)

    def scan(self) -> pl.LazyFrame:
        """Return the whole table as a lazy frame."""
        return self._frame

    def files(self) -> Sequence[str]:
        """Return the Parquet files that are the table as they lie; nothing for other formats."""
        return self._files

    def warnings(self) -> Sequence[str]:
        """Say what was left out or nulled."""
        return self._warnings

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows in batches near the size asked for. Raises `HomeError`."""
        try:
            for frame in self._frame.collect_batches(chunk_size=self._rows_per_batch(), maintain_order=True, lazy=True):
                for batch in self._near_size(frame):
                    if self._closed:
                        return
                    yield batch
        except POLARS_ERRORS as error:
            raise self._explained(error) from error
        self.check()

    def check(self) -> None:
        """Raise `HomeUnavailable` if a file changed since it was opened."""
        for file in self._watched:
            file.check()

    def explain(self, error: BaseException) -> HomeError | None:
        """Turn an error of a scan into one that names the file; None for errors that are not about reading."""
        if not isinstance(error, POLARS_ERRORS):
            return None
        return self._explained(error)

    def close(self) -> None:
        """Stop `batches` and remove scratch files. Safe to call twice."""
        self._closed = True
        self._scratch.close()

    def _explained(self, error: BaseException) -> HomeError:
        try:
            self.check()
        except HomeError as changed:
            return changed
        if self._remote and isinstance(error, OSError):
            return out_of_reach(error, self._where)
        where = self._blame() or self._where
        return HomeError(
            f"cannot be read: {first_line(error)}", where=where, fix="the file is damaged; write or fetch it again"
        )

    def _rows_per_batch(self) -> int:
        sample = self._frame.head(_SAMPLE).collect(engine="streaming")
        if sample.is_empty():
            return _SAMPLE
        return max(1, self._batch_bytes * sample.height // max(1, int(sample.estimated_size())))

    def _near_size(self, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Cut a frame that turned out larger than the sample promised."""
        pieces = -(-int(frame.estimated_size()) // self._batch_bytes) if frame.height > 1 else 1
        yield from frame.iter_slices(max(1, -(-frame.height // max(1, pieces))))


class MeasuredReading(FrameReading):
    """A reading that knows how far the column of its range goes, a `hygge_core.home.Ranged`."""

    def __init__(self, extent: Extent, **reading: Any) -> None:
        super().__init__(**reading)
        self._extent = extent

    def high(self) -> Mark | None:
        """Return the highest value that the statistics of the files tell. Raises `ValueError` beyond the year 9999."""
        if self._extent.high is None:
            return None
        dtype = text_of(self._extent.dtype)
        return Mark(dtype=dtype, text=kind_of(dtype).write(self._extent.high))

    def has_nulls(self) -> bool:
        """Say whether the statistics tell of nulls."""
        return self._extent.nulls > 0


def reading_of(extent: Extent | None, **reading: Any) -> FrameReading:
    """Make a reading that answers from statistics where there are any; the engine looks through the others itself."""
    return FrameReading(**reading) if extent is None else MeasuredReading(extent, **reading)
