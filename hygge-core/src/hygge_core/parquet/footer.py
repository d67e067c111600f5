"""Reading the footer of a Parquet file: rows, row groups and where their columns lie, without reading a value.

The numbers of the fields are those of ``FileMetaData`` in parquet.thrift; what is not needed is skipped.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from attrs import field, frozen
from attrs.validators import instance_of, optional

from hygge_core.parquet.thrift import Compact


if TYPE_CHECKING:
    from collections.abc import Callable


T = TypeVar("T")
MAGIC = b"PAR1"
_TAIL = 64 << 10
_CODECS = ("uncompressed", "snappy", "gzip", "lzo", "brotli", "lz4_hadoop", "zstd", "lz4")  # parquet.thrift
_ROWS = 3


@frozen(kw_only=True)
class Statistics:
    """What the writer says of one column in one row group; None where it says nothing.

    ``high`` holds the bytes of the highest value as the physical type stores it, unless the writer says that it is
    not exact.  Texts and binaries may be cut short without a word.
    """

    nulls: int | None = field(default=None, validator=optional(instance_of(int)))
    high: bytes | None = field(default=None, validator=optional(instance_of(bytes)))


@frozen(kw_only=True)
class Chunk:
    """One column of one row group: ``values`` with nulls counted, and the bytes that hold them."""

    path: tuple[str, ...]
    physical: int = field(validator=instance_of(int))
    codec: str
    values: int = field(validator=instance_of(int))
    start: int = field(validator=instance_of(int))
    size: int = field(validator=instance_of(int))
    statistics: Statistics


@frozen(kw_only=True)
class RowGroup:
    """Some rows that are stored together."""

    rows: int = field(validator=instance_of(int))
    chunks: tuple[Chunk, ...]


@frozen(kw_only=True)
class Footer:
    """What the footer says of the file."""

    rows: int = field(validator=instance_of(int))
    row_groups: tuple[RowGroup, ...]

    @property
    def codecs(self) -> frozenset[str]:
        """The codecs in use."""
        return frozenset(chunk.codec for group in self.row_groups for chunk in group.chunks)


def read_footer(file: BinaryIO) -> Footer:
    """Read the footer of an open file. Raises `ValueError` that says what is wrong with it."""
    return parsed(file, lambda thrift: _footer(thrift.struct()))


def read_rows(file: BinaryIO) -> int:
    """Read from the footer how many rows there are, and stop there. Raises `ValueError` as `read_footer` does."""
    return parsed(file, lambda thrift: Footer(rows=thrift.struct(until=_ROWS)[_ROWS], row_groups=())).rows


def without_rows(file: BinaryIO) -> bytes:
    """Read the footer and return it as a Parquet file of its own, which tells the columns and holds no rows.

    For readers that would fetch the whole of a file that they get as an object.  Raises `ValueError` as
    `read_footer` does.
    """
    footer = _bytes(file)
    return MAGIC + footer + len(footer).to_bytes(4, "little") + MAGIC


def parsed(file: BinaryIO, parse: Callable[[Compact], T]) -> T:
    """Find the footer of an open file and make something of it.

    ``parse`` may fail as `Compact` does.  Raises `ValueError` that says what is wrong with the file.
    """
    footer = _bytes(file)
    try:
        return parse(Compact(footer))
    except (AttributeError, LookupError, RecursionError, TypeError, UnicodeDecodeError) as error:
        message = "not a readable Parquet file: its footer is damaged"
        raise ValueError(message) from error


def _bytes(file: BinaryIO) -> bytes:
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
    return tail[-8 - length : -8]


def _last(file: BinaryIO, size: int, count: int) -> bytes:
    file.seek(max(size - count, 0))
    return file.read()


def _footer(fields: dict[int, Any]) -> Footer:
    groups = fields.get(4, [])
    return Footer(
        rows=fields[_ROWS],
        row_groups=tuple(
            RowGroup(rows=group[3], chunks=tuple(_chunk(each[3]) for each in group[1])) for group in groups
        ),
    )


def _chunk(fields: dict[int, Any]) -> Chunk:
    said = fields.get(12, {})
    return Chunk(
        path=tuple(name.decode() for name in fields[3]),
        physical=fields[1],
        codec=_CODECS[fields[4]],
        values=fields[5],
        start=min(fields[9], fields.get(11) or fields[9]),
        size=fields[7],
        statistics=Statistics(nulls=said.get(3), high=said.get(5) if said.get(7, True) else None),
    )
