"""Bodies on their way in and out: without copies, as fast as the limits allow, stopped halfway where faults strike."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from hygge_store_adls.testing.content import Discarded


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from io import BufferedIOBase

    from hygge_store_adls.testing.content import Chunk

PIECE = 256 * 1024
"""How many bytes move at once where bandwidth is bounded or content is discarded."""


def receive(  # noqa: PLR0913 - each is one independent switch of the transfer
    stream: BufferedIOBase,
    length: int,
    *,
    throttle: Callable[[int], None] | None,
    discard: bool,
    halfway: Callable[[], None] | None,
    received: Callable[[int], None],
) -> Chunk:
    """Read a body of this length; ``halfway`` is called when half of it is there.

    Raises `EOFError` where the client sends less.
    """
    room = memoryview(bytearray(min(length, PIECE) if discard else length))
    at, checksum, half = 0, 0, max(length // 2, 1)
    while at < length:
        goal = half if halfway and at < half else length
        if discard or throttle:
            goal = min(goal, at + PIECE)
        piece = room[: goal - at] if discard else room[at:goal]
        if stream.readinto(piece) != len(piece):
            raise EOFError("the client sent less than it announced")
        if throttle:
            throttle(len(piece))
        if discard:
            checksum = zlib.crc32(piece, checksum)
        at = goal
        received(at)
        if halfway and at == half:
            halfway()
    return Discarded(length=length, crc32=checksum) if discard else room


def send(
    stream: BufferedIOBase,
    chunks: Sequence[bytes | memoryview],
    *,
    throttle: Callable[[int], None] | None,
    halfway: Callable[[], None] | None,
    sent: Callable[[int], None],
) -> None:
    """Write a body; ``halfway`` is called when half of it is out."""
    at, half = 0, sum(map(len, chunks)) // 2
    for chunk in chunks:
        view = memoryview(chunk)
        while view:
            size = half - at if halfway and at < half else len(view)
            piece = view[: min(size, PIECE) if throttle else size]
            if throttle:
                throttle(len(piece))
            at += len(piece)
            view = view[len(piece) :]
            sent(at)
            stream.write(piece)
            if halfway and at == half:
                halfway()
