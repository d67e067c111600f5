"""Frames as the bytes of a part and back, and cut to the size that somebody asks for."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl

from hygge_core.staging.check import Checksum


if TYPE_CHECKING:
    from collections.abc import Iterator


def packed(frame: pl.DataFrame) -> bytes:
    """Write a frame as Arrow."""
    file = io.BytesIO()
    frame.write_ipc(file)
    return file.getvalue()


def unpacked(data: bytes) -> pl.DataFrame:
    """Read a frame that was packed."""
    return pl.read_ipc(io.BytesIO(data))


def checksum(data: bytes) -> str:
    """Tell bytes from others."""
    read = Checksum()
    read.update(data)
    return str(read)


def cut(frame: pl.DataFrame, size: int) -> Iterator[pl.DataFrame]:
    """Halve a frame until no piece is larger than the size, or has more than one row; none without rows."""
    pieces = [(0, frame.height)] if frame.height else []
    while pieces:
        offset, rows = pieces.pop()
        if rows == 1 or frame.slice(offset, rows).estimated_size() <= size:
            yield frame.slice(offset, rows)
        else:
            half = rows // 2
            pieces += [(offset + half, rows - half), (offset, half)]
