"""Result sets as tokens: COLMETADATA and ROW."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from tds.buffer import short_text
from tds.contract import Encoded
from tds.encoding import encoder, type_info


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tds.contract import Column

ROW = b"\xd1"
NULLABLE, READ_ONLY_UNKNOWN, IDENTITY, COMPUTED = 0x01, 0x08, 0x10, 0x20
TIMESTAMP = 80  # the user type by which clients know a rowversion from a binary(8)


def metadata(columns: tuple[Column, ...]) -> bytes:
    """Return the COLMETADATA of a result set."""
    return struct.pack("<BH", 0x81, len(columns)) + b"".join(map(_column, columns))


def row_encoder(columns: tuple[Column, ...]) -> Callable[[tuple[Any, ...]], bytes]:
    """Return what makes the ROW of a tuple."""
    encoders = [encoder(column.type, nullable=column.nullable) for column in columns]

    def encode_row(row: tuple[Any, ...]) -> bytes:
        return ROW + b"".join([encode(value) for encode, value in zip(encoders, row, strict=True)])

    return encode_row


def encode(columns: tuple[Column, ...], rows: Iterable[tuple[Any, ...]]) -> Encoded:
    """Encode rows once, for results that send the same block many times."""
    made = [*map(row_encoder(columns), rows)]
    return Encoded(b"".join(made), len(made))


def _column(column: Column) -> bytes:
    flags = READ_ONLY_UNKNOWN
    flags |= NULLABLE if column.nullable else 0
    flags |= IDENTITY if column.identity else 0
    flags |= COMPUTED if column.computed else 0
    user_type = TIMESTAMP if column.type.name == "timestamp" else 0
    info = type_info(column.type, nullable=column.nullable, table="t")
    return struct.pack("<IH", user_type, flags) + info + short_text(column.name)
