"""Reading ahead of whoever takes the batches, within a bound of bytes."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    import polars as pl


def ahead(batches: Iterator[pl.DataFrame], limit: int) -> Generator[pl.DataFrame, None, None]:
    """Yield the batches while a thread reads the next ones, at most ``limit`` bytes in advance.

    A single batch larger than the limit passes alone.  Errors of the source come out here.
    Closing the generator ends the thread after the batch that it is reading.
    """
    return together([batches], limit)


def together(sources: Sequence[Iterator[pl.DataFrame]], limit: int) -> Generator[pl.DataFrame, None, None]:
    """Yield the batches of several sources as they come, each read ahead by a thread, all within ``limit`` bytes.

    The first error of a source comes out here at once; otherwise as `ahead`.
    """
    queue = _BoundedByBytes(limit, len(sources))
    threads = [threading.Thread(target=queue.fill, args=(one,), name="hygge-reader", daemon=True) for one in sources]
    for thread in threads:
        thread.start()
    try:
        yield from queue
    finally:
        queue.close()
        for thread in threads:
            thread.join()


class _BoundedByBytes:
    """A queue between a few threads that fill it and one that empties it, which counts the bytes in it."""

    def __init__(self, limit: int, sources: int) -> None:
        self._limit = limit
        self._waiting: deque[tuple[pl.DataFrame, int]] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._open = sources
        self._closed = False
        self._error: BaseException | None = None

    def fill(self, batches: Iterator[pl.DataFrame]) -> None:
        try:
            for batch in batches:
                if not self._put(batch):
                    break
        except BaseException as error:  # noqa: BLE001 - raised again where the batches are taken
            self._error = self._error or error
        finally:
            close = getattr(batches, "close", None)
            if close is not None:
                close()
            with self._changed:
                self._open -= 1
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
                self._changed.wait_for(lambda: self._waiting or not self._open or self._failed_beside_others)
                if not self._waiting or self._failed_beside_others:
                    break
                batch, size = self._waiting.popleft()
                self._bytes -= size
                self._changed.notify_all()
            yield batch
        if self._error is not None:
            raise self._error

    @property
    def _failed_beside_others(self) -> bool:
        """Whether one of several sources failed while others go on, whose rows are for nothing then."""
        return self._error is not None and self._open > 0
