"""Values sent in pieces: the (max) types, xml and CLR types (PLP), and text, ntext and image behind a text pointer."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from tds.buffer import Reader


NULL_PLP = b"\xff" * 8
UNKNOWN_SIZE = 0xFFFF_FFFF_FFFF_FFFE
NULL_SIZE = 0xFFFF_FFFF_FFFF_FFFF
TEXT_POINTER = b"\x10" + b"dummy textptr\0\0\0" + b"dummyTS\0"


def write_plp(data: bytes) -> bytes:
    if not data:
        return struct.pack("<QI", 0, 0)
    return struct.pack("<QI", len(data), len(data)) + data + b"\0\0\0\0"


def read_plp(reader: Reader) -> bytes | None:
    if reader.number("Q") == NULL_SIZE:
        return None
    pieces = []
    while size := reader.number("I"):
        pieces.append(reader.take(size))
    return b"".join(pieces)


def write_pointed(data: bytes) -> bytes:
    return TEXT_POINTER + struct.pack("<I", len(data)) + data
