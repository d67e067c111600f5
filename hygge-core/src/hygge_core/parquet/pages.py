"""Walking through the pages of a Parquet file without decoding a value.

Each column of a row group is a row of pages, and each page has a header that says how long it is, how many values it
holds and, if the writer wished, the CRC-32 of its bytes.  A file whose pages fill their place exactly, add up to the
values that the footer promises and fit their checksums has neither gaps nor torn ends.
"""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING, BinaryIO

from hygge_core.parquet.thrift import Compact


if TYPE_CHECKING:
    from hygge_core.parquet.footer import Chunk, Footer


_SIZE, _CRC = 3, 4
_VALUES = ((5, 1), (8, 1))
"""In ``PageHeader`` of parquet.thrift: the size as stored, the checksum, and where each kind of data page says
how many values it holds."""


def walk(file: BinaryIO, footer: Footer) -> None:
    """Look at the header of every page. Raises `ValueError` that names the column and the row group."""
    end = file.seek(0, os.SEEK_END)
    for number, group in enumerate(footer.row_groups):
        for chunk in group.chunks:
            try:
                _walk_chunk(_bytes_of(chunk, file, end), chunk)
            except (AttributeError, LookupError, RecursionError, TypeError) as error:
                raise ValueError(_at(chunk, number, "a page header is damaged")) from error
            except ValueError as error:
                raise ValueError(_at(chunk, number, str(error))) from error


def _bytes_of(chunk: Chunk, file: BinaryIO, end: int) -> bytes:
    if not 0 <= chunk.start <= chunk.start + chunk.size <= end:
        message = f"its {chunk.size:,} bytes from {chunk.start:,} on do not lie within the file"
        raise ValueError(message)
    file.seek(chunk.start)
    return file.read(chunk.size)


def _walk_chunk(data: bytes, chunk: Chunk) -> None:
    at = values = 0
    while at < len(data):
        thrift = Compact(data, at)
        header = thrift.struct()
        at = thrift.at + header[_SIZE]
        if header[_SIZE] < 0 or at > len(data):
            message = "a page reaches beyond its column"
            raise ValueError(message)
        if _CRC in header and zlib.crc32(memoryview(data)[thrift.at : at]) != header[_CRC] & 0xFFFFFFFF:
            message = "a page does not fit its checksum"
            raise ValueError(message)
        values += sum(header[kind][field] for kind, field in _VALUES if kind in header)
    if values != chunk.values:
        message = f"the footer promises {chunk.values:,} values and the pages hold {values:,}"
        raise ValueError(message)


def _at(chunk: Chunk, number: int, what: str) -> str:
    return f"column {'.'.join(chunk.path)!r} in row group {number}: {what}"
