"""Dates and times as whole numbers, counted from 1970 in steps of their unit, and as ISO 8601 text.

Python's own `datetime` ends at microseconds; a watermark must not.
"""

from __future__ import annotations

import re
from datetime import date


STEPS = {"ms": 10**3, "us": 10**6, "ns": 10**9}
"""How many steps of each unit make a second."""

DAY_SECONDS = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
_DATE = r"(?P<date>\d{4}-\d{2}-\d{2})"
_TIME = r"(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?"
_ZONE = r"(?P<zone>Z|[+-]\d{2}:\d{2})"
_DAY = re.compile(_DATE)
_CLOCK = re.compile(_TIME)
_MOMENT = re.compile(rf"{_DATE}(?:[T ]{_TIME})?{_ZONE}?")


def is_day(text: str) -> bool:
    """Say whether a text is a date without a time."""
    return _DAY.fullmatch(text) is not None


def read_day(text: str) -> int:
    """Read a date as days since 1970. Raises `ValueError`."""
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a date such as 2026-01-31")
    return _days(found["date"])


def write_day(days: int) -> str:
    """Write a date. Raises `ValueError` outside of the years 1 to 9999."""
    ordinal = days + _EPOCH
    if not 1 <= ordinal <= date.max.toordinal():
        raise ValueError(f"the date {days:,} days from 1970 lies outside of the years 1 to 9999")
    return date.fromordinal(ordinal).isoformat()


def read_clock(text: str, steps: int) -> int:
    """Read a time of day as steps since midnight. Raises `ValueError`."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a time of day such as 07:30:00")
    return _steps_of_day(found, steps)


def write_clock(clock: int, steps: int) -> str:
    """Write a time of day with as many digits as the unit has."""
    seconds, fraction = divmod(clock, steps)
    digits = len(str(steps)) - 1
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{fraction:0{digits}}"


def read_moment(text: str, steps: int, *, zoned: bool) -> int:
    """Read a date with a time as steps since 1970; a zoned one is UTC unless it says its offset.

    Raises `ValueError`, also for an offset where the column knows no zone.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a date with a time such as 2026-01-31T07:30:00")
    if found["zone"] and not zoned:
        raise ValueError(f"{text!r} has a zone, and the column has none; write the time as the column holds it")
    clock = _steps_of_day(found, steps) if found["hour"] else 0
    return _days(found["date"]) * DAY_SECONDS * steps + clock - _offset_seconds(found["zone"]) * steps


def write_moment(moment: int, steps: int, *, zoned: bool) -> str:
    """Write a date with a time, a zoned one in UTC. Raises `ValueError` outside of the years 1 to 9999."""
    days, clock = divmod(moment, DAY_SECONDS * steps)
    return f"{write_day(days)}T{write_clock(clock, steps)}{'Z' if zoned else ''}"


def _days(text: str) -> int:
    try:
        return date.fromisoformat(text).toordinal() - _EPOCH
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date of the calendar") from error


def _steps_of_day(found: re.Match[str], steps: int) -> int:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004 - the last of each on a clock
        raise ValueError(f"{found[0]!r} is no time that a clock shows")
    nanoseconds = int((found["fraction"] or "").ljust(9, "0"))
    fraction, rest = divmod(nanoseconds, 10**9 // steps)
    if rest:
        raise ValueError(f"{found[0]!r} has more digits than the column keeps")
    return (hour * 3600 + minute * 60 + second) * steps + fraction


def _offset_seconds(zone: str | None) -> int:
    if zone in (None, "Z"):
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if hours > 23 or minutes > 59:  # noqa: PLR2004 - the last of each on a clock
        raise ValueError(f"{zone!r} is no offset from UTC")
    return (hours * 3600 + minutes * 60) * (-1 if zone[0] == "-" else 1)
