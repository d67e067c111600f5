"""Taking items together, so that Polars can look at many at once, within a limit of bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


T = TypeVar("T")

MOST_ITEMS = 20_000
MOST_BYTES = 16 << 20


def chunks(items: Iterable[T], size: Callable[[T], int]) -> Iterator[list[T]]:
    """Yield lists of at most `MOST_ITEMS`, each closed by the item that takes it over `MOST_BYTES`."""
    chunk: list[T] = []
    held = 0
    for item in items:
        chunk.append(item)
        held += size(item)
        if len(chunk) == MOST_ITEMS or held > MOST_BYTES:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk
