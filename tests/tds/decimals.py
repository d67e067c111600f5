"""Decimals and money as the wire has them."""

from __future__ import annotations

import struct
from decimal import Context, Decimal


EXACT = Context(prec=80)
MONEY_SCALE = 4


def decimal_size(precision: int) -> int:
    """Return how many bytes a decimal has: its sign and 4, 8, 12 or 16 bytes of its digits."""
    return 5 if precision <= 9 else 9 if precision <= 19 else 13 if precision <= 28 else 17


def write_decimal(value: Decimal, precision: int, scale: int) -> bytes:
    """Return sign and digits; `ValueError` when the type has not the digits of the value."""
    digits = unscaled(value, scale)
    if abs(digits) >= 10**precision:
        raise ValueError(f"{value} does not fit in decimal({precision}, {scale})")
    size = decimal_size(precision) - 1
    return (b"\x01" if digits >= 0 else b"\x00") + abs(digits).to_bytes(size, "little")


def read_decimal(data: bytes, scale: int) -> Decimal:
    digits = int.from_bytes(data[1:], "little")
    return EXACT.scaleb(Decimal(digits if data[0] else -digits), -scale)


def write_money(value: Decimal) -> bytes:
    high, low = divmod(unscaled(value, MONEY_SCALE), 1 << 32)
    return struct.pack("<iI", high, low)


def read_money(data: bytes) -> Decimal:
    high, low = struct.unpack("<iI", data)
    return EXACT.scaleb(Decimal((high << 32) + low), -MONEY_SCALE)


def write_smallmoney(value: Decimal) -> bytes:
    return struct.pack("<i", unscaled(value, MONEY_SCALE))


def read_smallmoney(data: bytes) -> Decimal:
    return EXACT.scaleb(Decimal(struct.unpack("<i", data)[0]), -MONEY_SCALE)


def unscaled(value: Decimal, scale: int) -> int:
    """Return the value as a number of its smallest units; `ValueError` when it has more digits after the point."""
    shifted = EXACT.scaleb(value, scale)
    digits = int(shifted)
    if digits != shifted:
        raise ValueError(f"{value} has more than {scale} digits after the point")
    return digits
