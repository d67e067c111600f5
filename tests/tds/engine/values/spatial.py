"""The serialization of geometry and geography: points, written as [MS-SSCLRT] says; other shapes are refused."""

from __future__ import annotations

import re
import struct

from tds.contract import SqlError


_POINT = re.compile(r"\s*POINT\s*\(\s*(\S+)\s+(\S+)\s*\)\s*$", re.IGNORECASE)
_HEAD = struct.Struct("<iBB")
_VALID_SINGLE_POINT = 0x0C


def point(kind: str, x: float, y: float, srid: int) -> bytes:
    """Serialize a point; a geography has its latitude (y) first."""
    first, second = (y, x) if kind == "geography" else (x, y)
    return _HEAD.pack(srid, 1, _VALID_SINGLE_POINT) + struct.pack("<dd", first, second)


def read(kind: str, text: str, srid: int) -> bytes:
    """Read well-known text. Raises `SqlError` for all but points."""
    match = _POINT.match(text)
    if match is None:
        raise SqlError(40000, f"this server knows only points of {kind}, not {text[:40]!r}")
    return point(kind, float(match[1]), float(match[2]), srid)


def coordinates(kind: str, data: bytes) -> tuple[float, float, int]:
    """Return x, y and the reference system of a point."""
    srid, version, properties = _HEAD.unpack_from(data)
    if (version, properties, len(data)) != (1, _VALID_SINGLE_POINT, 22):
        raise SqlError(40000, f"this server knows only points of {kind}")
    first, second = struct.unpack_from("<dd", data, _HEAD.size)
    return (second, first, srid) if kind == "geography" else (first, second, srid)


def written(kind: str, data: bytes) -> str:
    """Write well-known text."""
    x, y, _ = coordinates(kind, data)
    return f"POINT ({_number(x)} {_number(y)})"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def well_known_binary(kind: str, data: bytes) -> bytes:
    """Write well-known binary, little endian."""
    x, y, _ = coordinates(kind, data)
    return struct.pack("<BIdd", 1, 1, x, y)
