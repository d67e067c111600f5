"""Reading the fields of a message, and writing its strings."""

from __future__ import annotations

import struct
from typing import Any


class Reader:
    """Reads little-endian fields of a message one after the other; a field beyond its end is a broken message."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def __bool__(self) -> bool:
        return self.position < len(self.data)

    def take(self, size: int) -> bytes:
        end = self.position + size
        if end > len(self.data):
            raise ValueError(f"the message ends at byte {len(self.data)}, a field of it at {end}")
        taken = self.data[self.position : end]
        self.position = end
        return taken

    def number(self, shape: str) -> Any:
        """Read one number in the notation of `struct`: B, H, I, Q and their signed kinds, f, d."""
        return struct.unpack("<" + shape, self.take(struct.calcsize("<" + shape)))[0]

    def peek(self) -> int:
        return self.data[self.position]

    def text(self, length_shape: str) -> str:
        """Read a string that has its length in characters before it: one byte (B) or two (H)."""
        return self.take(2 * self.number(length_shape)).decode("utf-16-le")


def short_text(text: str) -> bytes:
    """Return a string with its length in one byte (B_VARCHAR)."""
    data = text.encode("utf-16-le")
    return bytes([len(data) // 2]) + data


def long_text(text: str) -> bytes:
    """Return a string with its length in two bytes (US_VARCHAR)."""
    data = text.encode("utf-16-le")
    return struct.pack("<H", len(data) // 2) + data
