"""Taking rows out of a cursor a few at a time, so that memory is bounded by bytes whatever the rows hold."""

from __future__ import annotations

from itertools import chain
from operator import itemgetter, length_hint
from typing import TYPE_CHECKING, Any, Protocol


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


Row = tuple[Any, ...]

_ROWS = 2048
"""More rows at once are slower: their values leave the processor's cache before they become columns."""

_CELLS = 1 << 17
_STEP = 16
_NUMBER_BYTES = 8


class Fetches(Protocol):
    """A cursor of any driver that keeps to DB-API 2."""

    def fetchmany(self, size: int, /) -> list[Row]:
        """Take the next rows, none at the end."""
        ...


def chunks(cursor: Fetches, width: int, long: Sequence[int], limit: int) -> Iterator[list[Row]]:
    """Yield the rows in lists that stay near ``limit`` bytes.

    ``long`` are the positions of columns whose values have no fixed size, out of ``width``.
    A list exceeds the limit by the rows of one step at most.
    """
    most = max(1, min(_ROWS, _CELLS // width, limit // (_NUMBER_BYTES * width)))
    weigh = _scale(long)
    step = min(_STEP, most)
    while rows := cursor.fetchmany(step):
        weight = weigh(rows)
        while weight < limit and len(rows) < most:
            step = _step(len(rows), weight, limit - weight, most - len(rows))
            more = cursor.fetchmany(step)
            if not more:
                break
            rows += more
            weight += weigh(more)
        step = _step(len(rows), weight, limit, most)
        yield rows


def _step(rows: int, weight: int, limit: int, most: int) -> int:
    """Choose how many rows to take next: few enough that rows like those before stay within the limit."""
    likely = limit * rows // max(1, weight)
    return max(1, min(_STEP, most, likely))


def _scale(positions: Sequence[int]) -> Callable[[list[Row]], int]:
    """Return what weighs the values at the positions, in characters or bytes; numbers weigh nothing."""
    if not positions:
        return lambda _: 0
    pick = itemgetter(*positions) if len(positions) > 1 else itemgetter(slice(positions[0], positions[0] + 1))
    return lambda rows: sum(map(length_hint, chain.from_iterable(map(pick, rows))))
