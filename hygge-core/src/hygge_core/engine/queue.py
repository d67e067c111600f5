"""Reading ahead of whoever takes the batches, within a bound of bytes."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    import polars as pl


def ahead(batches: Iterator[pl.DataFrame], limit: int) -> Generator[pl.DataFrame, None, None]:
    """Yield the batches while a thread reads the next ones, at most ``limit`` bytes in advance.

    A single batch larger than the limit passes alone.  Errors of the source come out here.
    Closing the generator ends the thread after the batch that it is reading.
    """
    queue = _BoundedByBytes(limit)
    thread = threading.Thread(target=queue.fill, args=(batches,), name="hygge-reader", daemon=True)
    thread.start()
    try:
        yield from queue
    finally:
        queue.close()
        thread.join()


class _BoundedByBytes:
    """A queue between two threads that counts the bytes in it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waiting: deque[tuple[pl.DataFrame, int]] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._ended = False
        self._closed = False
        self._error: BaseException | None = None

    def fill(self, batches: Iterator[pl.DataFrame]) -> None:
        try:
            for batch in batches:
                if not self._put(batch):
                    break
        except BaseException as error:  # noqa: BLE001 - raised again where the batches are taken
            self._error = error
        finally:
            close = getattr(batches, "close", None)
            if close is not None:
                close()
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()

    def _put(self, batch: pl.DataFrame) -> bool:
        size = int(batch.estimated_size())
        with self._changed:
            self._changed.wait_for(lambda: self._closed or not self._bytes or self._bytes + size <= self._limit)
            self._waiting.append((batch, size))
            self._bytes += size
            self._changed.notify_all()
            return not self._closed

    def __iter__(self) -> Iterator[pl.DataFrame]:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._ended)
                if not self._waiting:
                    break
                batch, size = self._waiting.popleft()
                self._bytes -= size
                self._changed.notify_all()
            yield batch
        if self._error is not None:
            raise self._error
