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
BARE_NUMBERS = {
    0x32: "bit",
    0x30: "tinyint",
    0x34: "smallint",
    0x38: "int",
    0x7F: "bigint",
    0x3B: "real",
    0x3E: "float",
}
BARE_OTHERS = {0x7A: "smallmoney", 0x3C: "money", 0x3A: "smalldatetime", 0x3D: "datetime"}
SIZES = {"bit": 1, "tinyint": 1, "smallint": 2, "int": 4, "bigint": 8, "real": 4, "float": 8}
SIZES |= {"smallmoney": 4, "money": 8, "smalldatetime": 4, "datetime": 8}
SHAPES = {"bit": "?", "tinyint": "B", "smallint": "h", "int": "i", "bigint": "q", "real": "f", "float": "d"}
SHORT = {0xAF: "char", 0xA7: "varchar", 0xEF: "nchar", 0xE7: "nvarchar", 0xAD: "binary", 0xA5: "varbinary"}
OLD_SHORT = {0x2F: "char", 0x27: "varchar", 0x2D: "binary", 0x25: "varbinary"}
POINTED = {0x23: "text", 0x63: "ntext", 0x22: "image"}
SCALED = {0x29: "time", 0x2A: "datetime2", 0x2B: "datetimeoffset"}
OTHER_SIZED = {0x26: INTEGERS, 0x68: {1: "bit"}, 0x6D: {4: "real", 8: "float"}}
OTHER_SIZED |= {0x6E: {4: "smallmoney", 8: "money"}, 0x6F: {4: "smalldatetime", 8: "datetime"}}
READERS: dict[str, Callable[[bytes], Any]] = {
    "smallmoney": decimals.read_smallmoney,
    "money": decimals.read_money,
    "smalldatetime": times.read_smalldatetime,
    "datetime": times.read_datetime,
    "date": times.read_date,
    "uniqueidentifier": lambda data: uuid.UUID(bytes_le=data),
}


def read_value(reader: Reader) -> tuple[SqlType, Any]:
    """Read the TYPE_INFO and the value of one parameter; `SqlError` for types that this server does not take."""
    token = reader.number("B")
    if token in BARE_NUMBERS or token in BARE_OTHERS:
        name = BARE_NUMBERS.get(token) or BARE_OTHERS[token]
        return SqlType(name), _bare(name, reader.take(SIZES[name]))
    if token in OTHER_SIZED:
        name = OTHER_SIZED[token][reader.number("B")]
        return SqlType(name), _counted(reader, lambda data: _bare(name, data))
    if token in {0x6A, 0x6C}:
        return _decimal(reader, "decimal" if token == 0x6A else "numeric")
    if token in SCALED:
        return _scaled(reader, SCALED[token])
    if token in SHORT:
        return _short(reader, SHORT[token])
    if token in OLD_SHORT:
        kind = SqlType(OLD_SHORT[token], length=reader.number("B"))
        return kind, _counted(reader, lambda data: _text(kind.name, data, "cp1252"))
    return _rare(reader, token)


def _rare(reader: Reader, token: int) -> tuple[SqlType, Any]:
    if token in POINTED:
        return _pointed(reader, POINTED[token])
    if token == 0x28:
        return SqlType("date"), _counted(reader, times.read_date)
    if token == 0x24:
        reader.take(1)
        return SqlType("uniqueidentifier"), _counted(reader, READERS["uniqueidentifier"])
    if token == 0xF1:
        return _xml(reader)
    if token == 0x62:
        return _variant(reader)
    raise SqlError(8009, f"The test server takes no parameter of the type with token 0x{token:02X}.", severity=16)


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


def _xml(reader: Reader) -> tuple[SqlType, Any]:
    if reader.number("B"):
        raise SqlError(8009, "The test server takes no xml with a schema.")
    data = lobs.read_plp(reader)
    return SqlType("xml"), None if data is None else data.decode("utf-16-le").removeprefix("\ufeff")


def _variant(reader: Reader) -> tuple[SqlType, Any]:
    reader.take(4)
    if reader.number("I"):
        raise SqlError(8009, "The test server takes no sql_variant but NULL.")
    return SqlType("sql_variant"), None


def _text(name: str, data: bytes, codec: str) -> str | bytes:
    if name.startswith("n"):
        return data.decode("utf-16-le", "surrogatepass")
    return data.decode(codec) if codec else data
