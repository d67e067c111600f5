"""Types and values as clients send them with the parameters of a procedure."""

from __future__ import annotations

import struct
import uuid
from typing import TYPE_CHECKING, Any

from tds import decimals, lobs, times
from tds.collations import codec_of
from tds.contract import MAX, SqlError, SqlType


if TYPE_CHECKING:
    from collections.abc import Callable

    from tds.buffer import Reader

INTEGERS = {1: "tinyint", 2: "smallint", 4: "int", 8: "bigint"}
NUMBERS = {
    0x32: "bit",
    0x30: "tinyint",
    0x34: "smallint",
    0x38: "int",
    0x7F: "bigint",
    0x3B: "real",
    0x3E: "float",
}
NUMBERS |= {0x7A: "smallmoney", 0x3C: "money", 0x3A: "smalldatetime", 0x3D: "datetime"}
SIZES = {"bit": 1, "tinyint": 1, "smallint": 2, "int": 4, "bigint": 8, "real": 4, "float": 8}
SIZES |= {"smallmoney": 4, "money": 8, "smalldatetime": 4, "datetime": 8}
SHAPES = {"bit": "?", "tinyint": "B", "smallint": "h", "int": "i", "bigint": "q", "real": "f", "float": "d"}
SHORT = {0xAF: "char", 0xA7: "varchar", 0xEF: "nchar", 0xE7: "nvarchar", 0xAD: "binary", 0xA5: "varbinary"}
OLD_SHORT = {0x2F: "char", 0x27: "varchar", 0x2D: "binary", 0x25: "varbinary"}
POINTED = {0x23: "text", 0x63: "ntext", 0x22: "image"}
SCALED = {0x29: "time", 0x2A: "datetime2", 0x2B: "datetimeoffset"}
NULLABLE_NUMBERS = {0x26: INTEGERS, 0x68: {1: "bit"}, 0x6D: {4: "real", 8: "float"}}
NULLABLE_NUMBERS |= {0x6E: {4: "smallmoney", 8: "money"}, 0x6F: {4: "smalldatetime", 8: "datetime"}}
READERS: dict[str, Callable[[bytes], Any]] = {
    "smallmoney": decimals.read_smallmoney,
    "money": decimals.read_money,
    "smalldatetime": times.read_smalldatetime,
    "datetime": times.read_datetime,
}


def read_value(reader: Reader) -> tuple[SqlType, Any]:
    """Read the TYPE_INFO and the value of one parameter; `SqlError` for types that this server does not take."""
    token = reader.number("B")
    for names, read in FAMILIES:
        if token in names:
            return read(reader, names[token])
    raise SqlError(8009, f"The test server takes no parameter of the type with token 0x{token:02X}.")


def _number(reader: Reader, name: str) -> tuple[SqlType, Any]:
    return SqlType(name), _bare(name, reader.take(SIZES[name]))


def _nullable_number(reader: Reader, names: dict[int, str]) -> tuple[SqlType, Any]:
    name = names[reader.number("B")]
    return SqlType(name), _counted(reader, lambda data: _bare(name, data))


def _old_short(reader: Reader, name: str) -> tuple[SqlType, Any]:
    codec = "" if "binary" in name else "cp1252"
    return SqlType(name, length=reader.number("B")), _counted(reader, lambda data: _text(name, data, codec))


def _date(reader: Reader, name: str) -> tuple[SqlType, Any]:
    return SqlType(name), _counted(reader, times.read_date)


def _uniqueidentifier(reader: Reader, name: str) -> tuple[SqlType, Any]:
    reader.take(1)
    return SqlType(name), _counted(reader, lambda data: uuid.UUID(bytes_le=data))


def _bare(name: str, data: bytes) -> Any:
    if name in SHAPES:
        return struct.unpack("<" + SHAPES[name], data)[0]
    return READERS[name](data)


def _counted(reader: Reader, read: Callable[[bytes], Any]) -> Any:
    size = reader.number("B")
    return read(reader.take(size)) if size else None


def _decimal(reader: Reader, name: str) -> tuple[SqlType, Any]:
    _, precision, scale = reader.take(3)
    kind = SqlType(name, precision=precision, scale=scale)
    return kind, _counted(reader, lambda data: decimals.read_decimal(data, scale))


def _scaled(reader: Reader, name: str) -> tuple[SqlType, Any]:
    scale = reader.number("B")
    readers = {
        "time": times.read_time,
        "datetime2": times.read_datetime2,
        "datetimeoffset": times.read_datetimeoffset,
    }
    return SqlType(name, scale=scale), _counted(reader, lambda data: readers[name](data, scale))


def _short(reader: Reader, name: str) -> tuple[SqlType, Any]:
    size = reader.number("H")
    codec = "" if "binary" in name else codec_of(reader.take(5))
    if size == 0xFFFF:
        kind, data = SqlType(name, length=MAX), lobs.read_plp(reader)
    else:
        kind = SqlType(name, length=size // 2 if name.startswith("n") else size)
        used = reader.number("H")
        data = None if used == 0xFFFF else reader.take(used)
    return kind, None if data is None else _text(name, data, codec)


def _pointed(reader: Reader, name: str) -> tuple[SqlType, Any]:
    reader.take(4)
    codec = "" if name == "image" else codec_of(reader.take(5))
    size = reader.number("i")
    return SqlType(name), None if size < 0 else _text(name, reader.take(size), codec)


def _xml(reader: Reader, name: str) -> tuple[SqlType, Any]:
    if reader.number("B"):
        raise SqlError(8009, "The test server takes no xml with a schema.")
    data = lobs.read_plp(reader)
    return SqlType(name), None if data is None else data.decode("utf-16-le").removeprefix("\ufeff")


def _variant(reader: Reader, name: str) -> tuple[SqlType, Any]:
    reader.take(4)
    if reader.number("I"):
        raise SqlError(8009, "The test server takes no sql_variant but NULL.")
    return SqlType(name), None


def _text(name: str, data: bytes, codec: str) -> str | bytes:
    if name.startswith("n"):
        return data.decode("utf-16-le", "surrogatepass")
    return data.decode(codec) if codec else data


FAMILIES: tuple[tuple[dict[int, Any], Callable[[Reader, Any], tuple[SqlType, Any]]], ...] = (
    (NULLABLE_NUMBERS, _nullable_number),
    (SHORT, _short),
    ({0x6A: "decimal", 0x6C: "numeric"}, _decimal),
    (SCALED, _scaled),
    ({0x28: "date"}, _date),
    ({0x24: "uniqueidentifier"}, _uniqueidentifier),
    (NUMBERS, _number),
    (OLD_SHORT, _old_short),
    (POINTED, _pointed),
    ({0xF1: "xml"}, _xml),
    ({0x62: "sql_variant"}, _variant),
)
