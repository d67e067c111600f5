"""Dates and times: their texts in T-SQL's styles, their rounding, their parts."""

from __future__ import annotations

import re
from datetime import date

from tds.contract import TICKS_PER_DAY, TICKS_PER_SECOND, Instant, SqlError


DAYS_TO_1900 = date(1900, 1, 1).toordinal() - 1
_LAST_DAY = date(9999, 12, 31).toordinal()
_MINUTE = 60 * TICKS_PER_SECOND
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WRITTEN = re.compile(
    r"\s*(?:(?P<year>\d{4})(?P<dash>[-/.]?)(?P<month>\d{2})(?P=dash)(?P<day>\d{2}))?"
    r"(?:(?:T|\s+|^)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:\d{2})?\s*$",
    re.IGNORECASE,
)


def day(ticks: int) -> date:
    """Return the date that ticks fall on."""
    return date.fromordinal(ticks // TICKS_PER_DAY + 1)


def rounded(ticks: int, scale: int) -> int:
    """Round ticks to so many digits of a second, halves up."""
    unit = 10 ** (7 - scale)
    return (ticks + unit // 2) // unit * unit


def to_datetime(ticks: int) -> int:
    """Round to 1/300 of a second, as datetime holds time."""
    days, rest = divmod(ticks, TICKS_PER_DAY)
    steps = (rest * 300 * 2 + TICKS_PER_SECOND) // (2 * TICKS_PER_SECOND)
    days, steps = days + steps // (300 * 86_400), steps % (300 * 86_400)
    return days * TICKS_PER_DAY + (steps * TICKS_PER_SECOND * 2 + 300) // 600


def to_minute(ticks: int) -> int:
    """Round to minutes, as smalldatetime holds time; 29.998 s is the last that rounds down."""
    return (to_datetime(ticks) + _MINUTE // 2) // _MINUTE * _MINUTE


def check_range(ticks: int, name: str) -> int:
    """Return ticks that a type can hold, or raise what a server says."""
    years = {"datetime": (1753, 9999), "smalldatetime": (1900, 2079)}.get(name, (1, 9999))
    if not 0 <= ticks // TICKS_PER_DAY < _LAST_DAY or not years[0] <= day(ticks).year <= years[1]:
        raise SqlError(242, f"The conversion to a {name} data type resulted in an out-of-range value.")
    return ticks


def clock(ticks: int, scale: int) -> str:
    """Write a time of day with so many digits of a second."""
    seconds, fraction = divmod(ticks % TICKS_PER_DAY, TICKS_PER_SECOND)
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{fraction // 10 ** (7 - scale):0{scale}}" if scale else text


def offset(minutes: int) -> str:
    """Write an offset from UTC."""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def written(ticks: int, scale: int, style: int) -> str:
    """Write a moment in one of T-SQL's styles. Raises `SqlError` for those that this server does not know."""
    when, time = day(ticks), clock(ticks, scale)
    if style in {0, 100}:
        return f"{_MONTHS[when.month - 1]} {when.day:2} {when.year:04} {_half_day(ticks)}"
    if style in {20, 120}:
        return f"{when.isoformat()} {clock(ticks, 0)}"
    if style in {21, 25, 121}:
        return f"{when.isoformat()} {time}"
    if style in {126, 127}:
        return f"{when.isoformat()}T{time if ticks % TICKS_PER_SECOND else clock(ticks, 0)}"
    known = {23: when.isoformat(), 112: f"{when:%Y%m%d}", 8: clock(ticks, 0), 108: clock(ticks, 0), 114: time}
    if style not in known:
        raise SqlError(40000, f"this server does not know the style {style} of dates and times")
    return known[style].replace(".", ":") if style == 114 else known[style]


def _half_day(ticks: int) -> str:
    hour, minute = divmod(ticks % TICKS_PER_DAY // _MINUTE, 60)
    return f"{hour % 12 or 12:2}:{minute:02}{'AM' if hour < 12 else 'PM'}"


def read(text: str) -> tuple[int | None, int, int | None]:
    """Read a date, a time or both: ticks of the day (or None), ticks of the time, minutes of the offset (or None).

    ISO 8601 and what T-SQL takes in any language setting; anything else raises error 241.
    """
    match = _WRITTEN.match(text)
    if match is None:
        raise bad_text()
    try:
        return _date_ticks(match), _time_ticks(match), _minutes(match["zone"])
    except ValueError:
        raise bad_text() from None


def bad_text() -> SqlError:
    """Make the error of a text that is no date or time."""
    return SqlError(241, "Conversion failed when converting date and/or time from character string.")


def _date_ticks(match: re.Match[str]) -> int | None:
    if match["year"] is None:
        return None
    days = date(int(match["year"]), int(match["month"]), int(match["day"])).toordinal() - 1
    return days * TICKS_PER_DAY


def _time_ticks(match: re.Match[str]) -> int:
    if match["hour"] is None:
        return 0
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(match[0])
    fraction = (match["fraction"] or "").ljust(9, "0")
    return ((hour * 60 + minute) * 60 + second) * TICKS_PER_SECOND + (int(fraction) + 50) // 100


def _minutes(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone.upper() == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:])
    if minutes > 14 * 60:
        raise ValueError(zone)
    return -minutes if zone[0] == "-" else minutes


def local(instant: Instant) -> int:
    """Return the ticks of a datetimeoffset as its own clock shows them."""
    return instant.ticks + instant.minutes * _MINUTE


def instant(local_ticks: int, minutes: int) -> Instant:
    """Make a datetimeoffset of what its own clock shows."""
    return Instant(local_ticks - minutes * _MINUTE, minutes)
