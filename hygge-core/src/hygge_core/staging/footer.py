"""Reading the footer of a Parquet file: rows, row groups and codecs, without reading a value.

The footer is a Thrift structure in the compact protocol (parquet.thrift, ``FileMetaData``);
only the fields that are needed are kept, all others are skipped by their type.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, BinaryIO

from attrs import frozen


if TYPE_CHECKING:
    from hygge_core.lake import Lake


MAGIC = b"PAR1"
_TAIL = 64 << 10
_CODECS = ("uncompressed", "snappy", "gzip", "lzo", "brotli", "lz4_hadoop", "zstd", "lz4")  # parquet.thrift
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)


@frozen(kw_only=True)
class Footer:
    """What the footer says: rows in all, rows of each row group, and the codecs in use."""

    rows: int
    row_groups: tuple[int, ...]
    codecs: frozenset[str]


def row_count(lake: Lake, path: str) -> int:
    """Count the rows of a Parquet file by its footer. Raises `ValueError` when it has none."""
    with lake.open(path) as file:
        return read_footer(file).rows


def read_footer(file: BinaryIO) -> Footer:
    """Read the footer of an open file. Raises `ValueError` that says what is wrong with it."""
    size = file.seek(0, os.SEEK_END)
    tail = _last(file, size, _TAIL)
    if size < len(MAGIC) * 3 or tail[-4:] != MAGIC:
        message = f"not a whole Parquet file: it does not end with its magic bytes ({size:,} bytes)"
        raise ValueError(message)
    length = int.from_bytes(tail[-8:-4], "little")
    if length + 8 > size:
        message = f"not a whole Parquet file: its footer of {length:,} bytes does not fit into {size:,}"
        raise ValueError(message)
    if length + 8 > len(tail):
        tail = _last(file, size, length + 8)
    try:
        return _footer(_Compact(tail[-8 - length : -8]).struct())
    except (IndexError, KeyError, TypeError) as error:
        message = "not a readable Parquet file: its footer is damaged"
        raise ValueError(message) from error


def _last(file: BinaryIO, size: int, count: int) -> bytes:
    file.seek(max(size - count, 0))
    return file.read()


def _footer(fields: dict[int, Any]) -> Footer:
    groups = fields.get(4, [])
    chunks = [chunk[3] for group in groups for chunk in group[1]]
    return Footer(
        rows=fields[3],
        row_groups=tuple(group[3] for group in groups),
        codecs=frozenset(_CODECS[chunk[4]] for chunk in chunks),
    )


class _Compact:
    """Reads Thrift's compact protocol into dictionaries by field number."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def struct(self) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        number = 0
        while head := self.byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self.zigzag()
            fields[number] = self.value(kind)
        return fields

    def value(self, kind: int) -> Any:  # noqa: PLR0911 - one return for each kind of value
        if kind in {_TRUE, _FALSE}:
            return kind == _TRUE
        if kind == _BYTE:
            return self.byte()
        if kind in {_I16, _I32, _I64}:
            return self.zigzag()
        if kind == _DOUBLE:
            return self.take(8)
        if kind == _BINARY:
            return self.take(self.varint())
        if kind in {_LIST, _SET}:
            return self.list()
        if kind == _STRUCT:
            return self.struct()
        raise KeyError(kind)  # no field of FileMetaData is a map

    def list(self) -> list[Any]:
        head = self.byte()
        kind = head & 15
        count = head >> 4 if head >> 4 != 15 else self.varint()  # noqa: PLR2004 - 15 announces a longer count
        if kind in {_TRUE, _FALSE}:
            return [self.byte() == _TRUE for _ in range(count)]
        return [self.value(kind) for _ in range(count)]

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise IndexError(count)
        self.at += count
        return self.data[self.at - count : self.at]

    def varint(self) -> int:
        result = shift = 0
        while (byte := self.byte()) & 128:
            result |= (byte & 127) << shift
            shift += 7
        return result | byte << shift

    def zigzag(self) -> int:
        number = self.varint()
        return (number >> 1) ^ -(number & 1)
