"""Values made into numbers, with the overflows and roundings of a server."""

from __future__ import annotations

import math
import re
import struct
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Any

from tds.contract import SqlError
from tds.engine.values.families import INTEGERS, digits, family


if TYPE_CHECKING:
    from uuid import UUID

    from tds.contract import SqlType


WIDE = Context(prec=100)
_FOUR_PLACES = Decimal("0.0001")
_MONEY = {"money": Decimal(2**63), "smallmoney": Decimal(2**31)}
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*$")
_FLOAT = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$", re.IGNORECASE)


def overflow(what: str, type_: SqlType) -> SqlError:
    """Make the error of a number too large for its type."""
    return SqlError(8115, f"Arithmetic overflow error converting {what} to data type {type_.name}.")


def to_integer(value: Any, source: SqlType, target: SqlType) -> Any:
    """Make an integer or a bit; what is behind the point is dropped, of money it is rounded."""
    kind = family(source)
    if kind == "text":
        value = _integer_of_text(value, source, target)
    elif kind == "binary":
        width = {"bit": 1, "tinyint": 1, "smallint": 2, "int": 4, "bigint": 8}[target.name]
        value = int.from_bytes(value[-width:], "big", signed=len(value) >= width and target.name != "tinyint")
    elif target.name == "bit":
        return bool(value)
    elif kind == "decimal":
        money = source.name in {"money", "smallmoney"}
        value = int(value.to_integral_value(ROUND_HALF_UP if money else ROUND_DOWN, WIDE))
    elif kind == "float":
        if not math.isfinite(value):
            raise overflow(source.name, target)
        value = int(value)
    if target.name == "bit":
        return bool(value)
    low, high = INTEGERS[target.name]
    if not low <= value <= high:
        raise overflow("expression" if kind == "integer" else source.name, target)
    return int(value)


def _integer_of_text(text: str, source: SqlType, target: SqlType) -> int:
    kept = text.strip()
    if target.name == "bit" and kept.lower() in {"true", "false"}:
        return kept.lower() == "true"
    if not kept:
        return 0
    if not re.fullmatch(r"[+-]?\s*\d+", kept, re.ASCII):
        raise SqlError(
            245, f"Conversion failed when converting the {source.name} value '{text}' to data type {target.name}."
        )
    return int(kept.replace(" ", ""))


def to_decimal(value: Any, source: SqlType, target: SqlType) -> Decimal:
    """Make a decimal or money, rounded half away from zero to the target's scale."""
    kind = family(source)
    if kind == "text":
        if not _NUMBER.match(value):
            raise SqlError(8114, f"Error converting data type {source.name} to {target.name}.")
        value = value.strip()
    elif kind == "binary":
        raise SqlError(40000, f"this server does not convert {source.name} to {target.name}")
    elif kind == "float" and not math.isfinite(value):
        raise overflow(source.name, target)
    return fitted(Decimal(value), target, source.name)


def fitted(value: Decimal, target: SqlType, source: str = "numeric") -> Decimal:
    """Round a number to a decimal type's scale and see that it fits."""
    if target.name in _MONEY:
        money = value.quantize(_FOUR_PLACES, ROUND_HALF_UP, WIDE)
        if not -_MONEY[target.name] <= money * 10_000 < _MONEY[target.name]:
            raise overflow(source, target)
        return money
    precision, scale = digits(target)
    found = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, WIDE)
    if found.adjusted() >= precision - scale and found:
        raise overflow(source, target)
    return found or abs(found)


def to_float(value: Any, source: SqlType, target: SqlType) -> float:
    """Make a float, or a real of 32 bits."""
    if family(source) == "text":
        if value.strip() and not _FLOAT.match(value):
            raise SqlError(8114, f"Error converting data type {source.name} to {target.name}.")
        value = value.strip() or 0
    elif family(source) == "binary":
        raise SqlError(529, f"Explicit conversion from data type {source.name} to {target.name} is not allowed.")
    found = float(value)
    if target.name == "real":
        try:
            return float(struct.unpack("<f", struct.pack("<f", found))[0])
        except OverflowError:
            raise overflow(source.name, target) from None
    return found


def to_binary(value: Any, source: SqlType) -> bytes:
    """Make the bytes of a number or a uniqueidentifier."""
    if source.name == "uniqueidentifier":
        guid: UUID = value
        return guid.bytes_le
    width = {"bit": 1, "tinyint": 1, "smallint": 2, "int": 4, "bigint": 8}.get(source.name)
    if width is None:
        raise SqlError(40000, f"this server does not convert {source.name} to bytes")
    return int(value).to_bytes(width, "big", signed=source.name not in {"tinyint", "bit"})
