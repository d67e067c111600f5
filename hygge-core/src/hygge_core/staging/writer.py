"""A writer of batches: they wait in a short queue while Polars encodes the ones before."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING

import polars as pl
from polars.io.plugins import register_io_source

from hygge_core.errors import StoreError


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.commit import Part
    from hygge_core.staging.sink import PartSink


_WAITING_BATCHES = 2
_POLL_SECONDS = 0.1


class PartWriter:
    """One stream of rows into the parts of a stage, for callers that have batches rather than a lazy frame.

    At most two batches wait; `write` blocks when there is no room.  A fault of the disk
    shows in the next `write` or in `close`.
    """

    def __init__(self, sink: PartSink, schema: pl.Schema) -> None:
        self._sink = sink
        self._schema = schema
        self._waiting: queue.Queue[pl.DataFrame | None] = queue.Queue(_WAITING_BATCHES)
        self._thread: threading.Thread | None = None
        self.parts: tuple[Part, ...] = ()
        self._error: BaseException | None = None
        self._given_up = threading.Event()

    def write(self, batch: pl.DataFrame) -> None:
        """Add the batch's rows."""
        if batch.schema != self._schema:
            raise StoreError(
                f"the batch has columns {dict(batch.schema)}, the stage was opened for {dict(self._schema)}",
                fix="write frames with exactly the columns of the table",
            )
        if self._thread is None:
            self._start(batch)
        self._put(batch)

    def close(self) -> tuple[Part, ...]:
        """Write what waits and return the parts; one of zero rows when nothing was written."""
        if self._thread is None:
            self._start(pl.DataFrame(schema=self._schema))
        self._put(None)
        self._join()
        if self._error is not None:
            raise self._error
        return self.parts

    def abandon(self) -> None:
        """Stop without a result, for a stage that is aborted."""
        self._given_up.set()
        self._join()

    def _start(self, sample: pl.DataFrame) -> None:
        self._thread = threading.Thread(target=self._run, args=(sample,), name="hygge-writer", daemon=True)
        self._thread.start()

    def _run(self, sample: pl.DataFrame) -> None:
        frame = register_io_source(lambda *_: self._batches(), schema=self._schema)
        try:
            self.parts = self._sink.write(frame, sample=sample)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that writes
            self._error = error

    def _batches(self) -> Iterator[pl.DataFrame]:
        while True:
            try:
                batch = self._waiting.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                if self._given_up.is_set():
                    raise AbandonedError from None
                continue
            if batch is None:
                return
            yield batch

    def _put(self, batch: pl.DataFrame | None) -> None:
        while self._error is None:
            try:
                self._waiting.put(batch, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return
        raise self._error

    def _join(self) -> None:
        if self._thread is not None:
            self._thread.join()


class AbandonedError(Exception):
    """The stage was aborted while this writer was open."""
