"""What files hold: chunks that are never copied, or in discard mode only their length and checksum."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from attrs import Factory, field, frozen


if TYPE_CHECKING:
    from collections.abc import Iterator


@frozen(kw_only=True)
class Discarded:
    """A chunk whose bytes were let go: how many there were, and their CRC-32."""

    length: int
    crc32: int

    def __len__(self) -> int:
        return self.length


Chunk = bytes | bytearray | memoryview | Discarded


class Gone(LookupError):
    """Bytes were asked for that discard mode did not keep."""


def bytes_of(chunk: Chunk) -> bytes:
    """Return the bytes of a body that has to be read. Raises `Gone` where it was discarded."""
    if isinstance(chunk, Discarded):
        raise Gone(f"a body of {len(chunk)} bytes was discarded")
    return bytes(chunk)


@frozen
class Content:
    """The bytes of a file at one moment. Never changed: a reader that holds one reads that moment to its end."""

    chunks: tuple[Chunk, ...] = ()
    _starts: tuple[int, ...] = field(
        init=False, default=Factory(lambda self: tuple(accumulate(map(len, self.chunks), initial=0)), takes_self=True)
    )

    def __len__(self) -> int:
        return self._starts[-1]

    def and_then(self, *chunks: Chunk) -> Content:
        """Return this content with more at its end."""
        return Content((*self.chunks, *(chunk for chunk in chunks if len(chunk))))

    def slices(self, start: int, stop: int) -> Iterator[memoryview]:
        """Yield the bytes from start up to stop. Raises `Gone` for what was discarded."""
        number = max(bisect_right(self._starts, start) - 1, 0)
        while start < stop:
            chunk, first = self.chunks[number], self._starts[number]
            if isinstance(chunk, Discarded):
                raise Gone(f"bytes {first} to {first + len(chunk)} were discarded")
            piece = memoryview(chunk)[start - first : stop - first]
            yield piece
            start += len(piece)
            number += 1
