"""Types and values on their way to the client: TYPE_INFO of a column or parameter, and the bytes of its values."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from tds import decimals, lobs, times
from tds.buffer import long_text, short_text
from tds.collations import collation
from tds.contract import DEFAULT_COLLATION, MAX


if TYPE_CHECKING:
    from collections.abc import Callable

    from tds.contract import SqlType, Variant

    Encoder = Callable[[Any], bytes]

NUMBERS = {  # token when never NULL, token, size, struct format
    "bit": (0x32, 0x68, 1, "?"),
    "tinyint": (0x30, 0x26, 1, "B"),
    "smallint": (0x34, 0x26, 2, "h"),
    "int": (0x38, 0x26, 4, "i"),
    "bigint": (0x7F, 0x26, 8, "q"),
    "real": (0x3B, 0x6D, 4, "f"),
    "float": (0x3E, 0x6D, 8, "d"),
}
FIXED = {  # the same for what struct does not pack
    "smallmoney": (0x7A, 0x6E, 4, decimals.write_smallmoney),
    "money": (0x3C, 0x6E, 8, decimals.write_money),
    "smalldatetime": (0x3A, 0x6F, 4, times.write_smalldatetime),
    "datetime": (0x3D, 0x6F, 8, times.write_datetime),
}
SCALED = {"time": 0x29, "datetime2": 0x2A, "datetimeoffset": 0x2B}
CLR_SIZES = {"hierarchyid": 892, "geometry": 0xFFFF, "geography": 0xFFFF}
CLR_CLASSES = {"hierarchyid": "SqlHierarchyId", "geometry": "SqlGeometry", "geography": "SqlGeography"}
CLR_ASSEMBLY = "Microsoft.SqlServer.Types, Version=11.0.0.0, Culture=neutral, PublicKeyToken=89845dcd8080cc91"
SHORT = {
    "char": 0xAF,
    "varchar": 0xA7,
    "nchar": 0xEF,
    "nvarchar": 0xE7,
    "binary": 0xAD,
    "varbinary": 0xA5,
    "timestamp": 0xAD,
}
POINTED = {"text": 0x23, "ntext": 0x63, "image": 0x22}
LONGEST = 0x7FFF_FFFF
BIGGEST_VARIANT = 8009
ROWVERSION_SIZE = 8
BYTES = {"binary", "varbinary", "image", "timestamp"}
DEFAULT_SCALE = 7
DECIMALS = {"decimal": 0x6A, "numeric": 0x6C}
BARE_INFOS = {"date": b"\x28", "uniqueidentifier": b"\x24\x10", "xml": b"\xf1\x00"}
BARE_INFOS["sql_variant"] = struct.pack("<BI", 0x62, BIGGEST_VARIANT)


def type_info(kind: SqlType, *, nullable: bool = True, table: str | None = None) -> bytes:
    """Return the TYPE_INFO; `table` is given for columns, because text and image name theirs."""
    name = kind.name
    if known := NUMBERS.get(name) or FIXED.get(name):
        return bytes([known[1], known[2]]) if nullable else bytes([known[0]])
    if name in POINTED:
        return _pointed_info(kind, table)
    families = ((DECIMALS, _decimal_info), (SCALED, _scaled_info), (SHORT, _short_info), (CLR_SIZES, _clr_info))
    for names, info in families:
        if name in names:
            return info(kind)
    if name in BARE_INFOS:
        return BARE_INFOS[name]
    raise LookupError(f"the test server has no type {name!r} on the wire")


def encoder(kind: SqlType, *, nullable: bool = True) -> Encoder:
    """Return what makes the bytes of one value, its length and NULL included."""
    name, bare = kind.name, _bare(kind)
    if (name in NUMBERS or name in FIXED) and not nullable:
        return bare
    if name in SHORT and kind.length != MAX:
        encode, null = _sized("<H", bare), b"\xff\xff"
    elif name in SHORT or name == "xml" or name in CLR_SIZES:
        encode, null = _then(bare, lobs.write_plp), lobs.NULL_PLP
    elif name in POINTED:
        encode, null = _then(bare, lobs.write_pointed), b"\0"
    elif name == "sql_variant":
        encode, null = _sized("<I", bare), b"\0\0\0\0"
    else:
        encode, null = _sized("<B", bare), b"\0"
    return lambda value: null if value is None else encode(value)


def _bare(kind: SqlType) -> Encoder:
    """Return what makes the bytes of a value without its length."""
    name, scale = kind.name, _scale(kind)
    if name in NUMBERS:
        return struct.Struct("<" + NUMBERS[name][3]).pack
    if name in FIXED:
        return FIXED[name][3]
    if name in {"char", "varchar", "text"}:
        codec = collation(kind.collation or DEFAULT_COLLATION).codec
        return lambda value: value.encode(codec, "replace")
    if name in {"nchar", "nvarchar", "ntext", "xml"}:
        return lambda value: value.encode("utf-16-le", "surrogatepass")
    others: dict[str, Encoder] = {
        "decimal": lambda value: decimals.write_decimal(value, _precision(kind), kind.scale or 0),
        "numeric": lambda value: decimals.write_decimal(value, _precision(kind), kind.scale or 0),
        "date": times.write_date,
        "time": lambda value: times.write_time(value, scale),
        "datetime2": lambda value: times.write_datetime2(value, scale),
        "datetimeoffset": lambda value: times.write_datetimeoffset(value, scale),
        "uniqueidentifier": lambda value: value.bytes_le,
        "sql_variant": _variant,
    }
    return others.get(name, bytes)


def _variant(value: Variant) -> bytes:
    """Return base type, its properties and the bare value of a sql_variant."""
    kind = value.type
    info = type_info(kind, nullable=False)
    token = info[:1]
    properties = info[1:]
    if kind.name in DECIMALS:
        properties = bytes([_precision(kind), kind.scale or 0])
    elif kind.name in SHORT:
        properties = info[3:] + info[1:3]  # collation first, then the length
    elif kind.name == "uniqueidentifier":
        properties = b""
    return token + bytes([len(properties)]) + properties + _bare(kind)(value.value)


def _then(encode: Encoder, wrap: Callable[[bytes], bytes]) -> Encoder:
    return lambda value: wrap(encode(value))


def _sized(shape: str, encode: Encoder) -> Encoder:
    pack = struct.Struct(shape).pack

    def sized(value: Any) -> bytes:
        data = encode(value)
        return pack(len(data)) + data

    return sized


def _short_info(kind: SqlType) -> bytes:
    length = ROWVERSION_SIZE if kind.name == "timestamp" else kind.length or 1
    size = 0xFFFF if length == MAX else length * (2 if kind.name.startswith("n") else 1)
    return struct.pack("<BH", SHORT[kind.name], size) + _collation(kind)


def _pointed_info(kind: SqlType, table: str | None) -> bytes:
    named = b"" if table is None else b"\x01" + long_text(table)
    return struct.pack("<BI", POINTED[kind.name], LONGEST) + _collation(kind) + named


def _decimal_info(kind: SqlType) -> bytes:
    size = decimals.decimal_size(_precision(kind))
    return bytes([DECIMALS[kind.name], size, _precision(kind), kind.scale or 0])


def _scaled_info(kind: SqlType) -> bytes:
    return bytes([SCALED[kind.name], _scale(kind)])


def _clr_info(kind: SqlType) -> bytes:
    name = kind.name
    full = f"Microsoft.SqlServer.Types.{CLR_CLASSES[name]}, {CLR_ASSEMBLY}"
    where = short_text("master") + short_text("sys") + short_text(name)
    return struct.pack("<BH", 0xF0, CLR_SIZES[name]) + where + long_text(full)


def _collation(kind: SqlType) -> bytes:
    return b"" if kind.name in BYTES else collation(kind.collation or DEFAULT_COLLATION).data


def _precision(kind: SqlType) -> int:
    return kind.precision or 18


def _scale(kind: SqlType) -> int:
    return DEFAULT_SCALE if kind.scale is None else kind.scale
