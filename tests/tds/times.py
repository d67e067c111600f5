"""Dates and times as the wire has them, from ticks of 100 ns and back."""

from __future__ import annotations

import struct

from tds.contract import TICKS_PER_DAY, TICKS_PER_SECOND, Instant


DAYS_TO_1900 = 693_595
THREE_HUNDREDTHS = 300
TICKS_PER_MINUTE = 60 * TICKS_PER_SECOND


def time_size(scale: int) -> int:
    """Return how many bytes a time of this scale has."""
    return 3 if scale <= 2 else 4 if scale <= 4 else 5


def write_date(days: int) -> bytes:
    return days.to_bytes(3, "little")


def read_date(data: bytes) -> int:
    return int.from_bytes(data, "little")


def write_time(ticks: int, scale: int) -> bytes:
    return _rounded(ticks, scale).to_bytes(time_size(scale), "little")


def read_time(data: bytes, scale: int) -> int:
    return int.from_bytes(data, "little") * 10 ** (7 - scale)


def write_datetime2(ticks: int, scale: int) -> bytes:
    unit = 10 ** (7 - scale)
    days, rest = divmod(_rounded(ticks, scale) * unit, TICKS_PER_DAY)
    return (rest // unit).to_bytes(time_size(scale), "little") + write_date(days)


def read_datetime2(data: bytes, scale: int) -> int:
    return read_date(data[-3:]) * TICKS_PER_DAY + read_time(data[:-3], scale)


def write_datetimeoffset(value: Instant, scale: int) -> bytes:
    return write_datetime2(value.ticks, scale) + struct.pack("<h", value.minutes)


def read_datetimeoffset(data: bytes, scale: int) -> Instant:
    return Instant(read_datetime2(data[:-2], scale), struct.unpack("<h", data[-2:])[0])


def write_datetime(ticks: int) -> bytes:
    units_per_day = 86_400 * THREE_HUNDREDTHS
    units = (ticks * THREE_HUNDREDTHS + TICKS_PER_SECOND // 2) // TICKS_PER_SECOND
    days, rest = divmod(units, units_per_day)
    return struct.pack("<iI", days - DAYS_TO_1900, rest)


def read_datetime(data: bytes) -> int:
    days, units = struct.unpack("<iI", data)
    ticks = (units * TICKS_PER_SECOND + THREE_HUNDREDTHS // 2) // THREE_HUNDREDTHS
    return (days + DAYS_TO_1900) * TICKS_PER_DAY + ticks


def write_smalldatetime(ticks: int) -> bytes:
    days, rest = divmod(ticks + TICKS_PER_MINUTE // 2, TICKS_PER_DAY)
    return struct.pack("<HH", days - DAYS_TO_1900, rest // TICKS_PER_MINUTE)


def read_smalldatetime(data: bytes) -> int:
    days, minutes = struct.unpack("<HH", data)
    return (days + DAYS_TO_1900) * TICKS_PER_DAY + minutes * TICKS_PER_MINUTE


def _rounded(ticks: int, scale: int) -> int:
    unit = 10 ** (7 - scale)
    return (ticks + unit // 2) // unit
