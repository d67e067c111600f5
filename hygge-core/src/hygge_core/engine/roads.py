"""The roads from a reading to a stage: the straightest that both ends and the polish allow.

``bytes``: finished files are copied and verified.  ``frame``: Polars streams a native scan
into the stage.  ``stream``: the home's batches feed that same stream.  ``batches``: the
stage takes one batch after the other.
"""

from __future__ import annotations

from collections.abc import Generator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
from attrs import field, frozen
from polars.io.plugins import register_io_source

from hygge_core.engine.queue import ahead, together
from hygge_core.engine.tally import Tally
from hygge_core.errors import HomeError, HyggeError, Interrupted, StoreError
from hygge_core.home import Explains, ListsFiles, ReadsInParts, Scans
from hygge_core.store import SinksFrames, TakesFiles
from hygge_core.watermark.boundary import Boundary


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hygge_core.commit import Part
    from hygge_core.deletes.marked import Marked
    from hygge_core.engine.stop import Stop
    from hygge_core.engine.teller import TableTeller
    from hygge_core.home import Reading
    from hygge_core.polish import Polish
    from hygge_core.store import Stage


Road = Literal["bytes", "frame", "stream", "batches"]

_SAMPLE_ROWS = 10_000
_WAITING = 4
"""The part of a table's memory in which batches may wait; the rest is for those that reader and writer have in hand."""


@frozen(kw_only=True)
class Move:
    """The rows of one table run on their way; ``where`` names source and table in errors.

    ``passed`` counts the rows that went beyond the ``boundary``, where there is one; rows
    that are ``marked`` as deleted do not get there.
    """

    reading: Reading
    polish: Polish
    stage: Stage
    teller: TableTeller
    stop: Stop
    where: str
    memory: int
    boundary: Boundary = field(factory=Boundary)
    passed: Tally = field(factory=Tally)
    marked: Marked | None = None

    @property
    def filters(self) -> bool:
        """Whether any row could be held back."""
        return self.boundary.filters or self.marked is not None

    def run(self) -> tuple[Road, Sequence[Part]]:
        """Move all rows into parts. Raises `HomeError`, `StoreError` or `Interrupted`; then abort the stage."""
        road = self._road()
        ways = {"bytes": self._take_files, "frame": self._sink_scan, "stream": self._sink_batches}
        try:
            parts = ways.get(road, self._write_batches)()
            if isinstance(self.reading, (Scans, ListsFiles)):
                self.reading.check()
        except HyggeError:
            raise
        except KeyboardInterrupt as error:  # Polars raises it in whichever thread it works
            what, fix = "was stopped before its commit", "the old table is as it was; run again when ready"
            raise Interrupted(what, where=self.where, fix=fix) from error
        except (Exception, pl.exceptions.PanicException) as error:
            raise self._explained(error) from error
        return road, parts

    def _road(self) -> Road:
        touched = self.polish.touches or self.filters
        files = self.reading.files() if isinstance(self.reading, ListsFiles) and not touched else ()
        if files and isinstance(self.stage, TakesFiles) and self.stage.accepts(files):
            return "bytes"
        if not isinstance(self.stage, SinksFrames):
            return "batches"
        return "frame" if isinstance(self.reading, Scans) else "stream"

    def _take_files(self) -> Sequence[Part]:
        assert isinstance(self.reading, ListsFiles)  # noqa: S101 - decided by the road, for the type checker
        assert isinstance(self.stage, TakesFiles)  # noqa: S101 - the same
        parts = []
        for path in self.reading.files():
            self.stop.check()
            part = self.stage.take(path)
            self.teller.passed(part.rows, part.size)
            parts.append(part)
        return parts

    def _sink_scan(self) -> Sequence[Part]:
        assert isinstance(self.reading, Scans)  # noqa: S101 - decided by the road, for the type checker
        scan = self.reading.scan()
        if not self.filters:
            return self._sink(self.polish.apply(scan))
        sample = self.polish.apply(scan.head(_SAMPLE_ROWS)).collect()
        return self._sink(self._unseen(self._found(self.boundary.within(scan))), sample=sample)

    def _found(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Count and polish; marked rows are told by columns that the polish may leave out, so they go before it."""
        if self.marked is None:
            return counted(self.polish.apply(rows), self._read)
        return self.polish.apply(self.marked.living(counted(rows, self._read)))

    def _sink_batches(self) -> Sequence[Part]:
        batches = self._batches()
        begin = list(islice(batches, 2))
        if len(begin) < 2:  # noqa: PLR2004 - there is no second batch
            return self._sink_whole(begin[0] if begin else pl.DataFrame(schema=self.reading.schema))
        rest = ahead(batches, self.memory // _WAITING)
        try:
            frame = self.polish.apply(self._streamed(chain(begin, rest)))
            return self._sink(self._unseen(frame), sample=self.polish.apply(begin[0]))
        finally:
            rest.close()

    def _sink_whole(self, batch: pl.DataFrame) -> Sequence[Part]:
        """Move a source that is one batch, without threads; where the store shows all of it, nothing is staged."""
        found = self.boundary.within(batch)
        self._read(found.height)
        new = self.boundary.unseen(self.polish.apply(self._living(found)).lazy()).collect()
        self.passed.add(new.height)
        if new.height == 0 and self.boundary.seen is not None:
            return ()
        return self._sink(new.lazy(), sample=new)

    def _streamed(self, batches: Iterator[pl.DataFrame]) -> pl.LazyFrame:
        """Make the rows of the batches that lie in the range, as they come, a lazy frame."""

        def source(columns: list[str] | None, *_: Any) -> Iterator[pl.DataFrame]:
            for batch in batches:
                found = self.boundary.within(batch)
                self._read(found.height)
                found = self._living(found)
                yield found if columns is None else found.select(columns)

        return register_io_source(source, schema=self.reading.schema)

    def _unseen(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        return counted(self.boundary.unseen(frame), self.passed.add) if self.boundary.filters else frame

    def _sink(self, frame: pl.LazyFrame, sample: pl.DataFrame | None = None) -> Sequence[Part]:
        assert isinstance(self.stage, SinksFrames)  # noqa: S101 - decided by the road, for the type checker
        return self.stage.sink(frame, sample=sample, watch=self._written)

    def _write_batches(self) -> Sequence[Part]:
        writer = self.stage.writer()
        boundary = self.boundary.gathered()
        batches = ahead(self._batches(), self.memory // _WAITING)
        try:
            for batch in batches:
                found = boundary.within(batch)
                self.teller.passed(found.height, int(found.estimated_size()))
                new = boundary.unseen(self.polish.apply(self._living(found)).lazy()).collect()
                self.passed.add(new.height)
                writer.write(new)
        finally:
            batches.close()
        return writer.close()

    def _batches(self) -> Iterator[pl.DataFrame]:
        """Read, and hold the home to its word on the columns."""
        batches = self._sources()
        try:
            for batch in batches:
                self.stop.check()
                self._demand_schema(batch)
                yield batch
        except HyggeError:
            raise
        except Exception as error:
            raise self._explained(error, HomeError("could not be read", where=self.where)) from error
        finally:
            if isinstance(batches, Generator):
                batches.close()

    def _sources(self) -> Iterator[pl.DataFrame]:
        """Read the whole, or several parts of it at once: Polars encodes on all cores what comes out of one stream."""
        parts = self.reading.parts() if isinstance(self.reading, ReadsInParts) else ()
        if len(parts) < 2:  # noqa: PLR2004 - there is nothing to read beside it
            return self.reading.batches()
        return together([part.batches() for part in parts], self.memory // _WAITING)

    def _demand_schema(self, batch: pl.DataFrame) -> None:
        if batch.schema != self.reading.schema:
            raise HomeError(
                f"yielded columns {dict(batch.schema)} after it announced {dict(self.reading.schema)}",
                where=self.where,
                fix="this is a fault of the home; report it to its author",
            )

    def _living(self, batch: pl.DataFrame) -> pl.DataFrame:
        return batch if self.marked is None else self.marked.living(batch)

    def _read(self, rows: int) -> None:
        self.teller.passed(rows, 0)

    def _written(self, size: int) -> None:
        self.stop.check()
        self.teller.passed(0, size)

    def _explained(self, error: BaseException, otherwise: HyggeError | None = None) -> HyggeError:
        """Say whose fault an error is: the home knows its own; what is left is the store's."""
        if isinstance(self.reading, Explains) and isinstance(error, Exception):
            explained = self.reading.explain(error)
            if explained is not None:
                return explained
        if otherwise is not None:
            otherwise.what += f": {type(error).__name__}: {error}"
            return otherwise
        return StoreError(
            f"could not be staged: {error}", where=self.where, fix="the old table is as it was; mend that and run again"
        )


def counted(frame: pl.LazyFrame, count: Callable[[int], None]) -> pl.LazyFrame:
    """Have the rows of a lazy frame counted as they stream by, a few thousand at a time."""

    def counting(batch: pl.DataFrame) -> pl.DataFrame:
        count(batch.height)
        return batch

    return frame.map_batches(counting, streamable=True)
