"""Functions of dates and times."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tds.contract import TICKS_PER_DAY, TICKS_PER_SECOND, Instant, SqlError, SqlType
from tds.engine.expressions.compiled import Compiled, of_values
from tds.engine.values import times
from tds.engine.values.casting import casting
from tds.engine.values.families import family


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tds.engine.syntax import tree


MOMENT = SqlType("datetime2", scale=7)
_INT = SqlType("int")
_PARTS = {
    "yy": "year", "yyyy": "year", "qq": "quarter", "q": "quarter", "mm": "month", "m": "month", "dy": "dayofyear",
    "y": "dayofyear", "dd": "day", "d": "day", "wk": "week", "ww": "week", "dw": "weekday", "w": "weekday",
    "hh": "hour", "mi": "minute", "n": "minute", "ss": "second", "s": "second", "ms": "millisecond",
    "mcs": "microsecond", "ns": "nanosecond", "tz": "tzoffset", "isowk": "iso_week", "isoww": "iso_week",
}  # fmt: skip
_UNITS = {
    "week": 7 * TICKS_PER_DAY, "day": TICKS_PER_DAY, "dayofyear": TICKS_PER_DAY, "weekday": TICKS_PER_DAY,
    "hour": 3600 * TICKS_PER_SECOND, "minute": 60 * TICKS_PER_SECOND, "second": TICKS_PER_SECOND,
    "millisecond": 10_000, "microsecond": 10,
}  # fmt: skip


def now() -> int:
    """Return the ticks of this moment in UTC."""
    elapsed = datetime.now(UTC) - datetime(1, 1, 1, tzinfo=UTC)
    return (elapsed.days * 86_400 + elapsed.seconds) * TICKS_PER_SECOND + elapsed.microseconds * 10


def parted(call: tree.Call, arguments: Sequence[Compiled]) -> Compiled:
    """Make DATEADD, DATEDIFF, DATEPART and their relatives ready to run."""
    part = _PARTS.get(str(call.part), str(call.part))
    builder = _PARTED.get(call.name)
    if builder is None:
        raise SqlError(40000, f"this server does not know {call.name}")
    return builder(part, *arguments)


def _ticks(of: Compiled) -> Compiled:
    """Return the ticks that a moment's own clock shows."""
    if family(of.type) == "instant":
        return of_values(MOMENT, times.local, of)
    return of_values(MOMENT, casting(of.type, MOMENT), of)


def _part(part: str, of: Compiled) -> Compiled:
    if part == "tzoffset":
        if family(of.type) != "instant":
            raise SqlError(9810, "The datepart tzoffset is not supported by date function datepart for this data type.")
        return of_values(_INT, lambda value: value.minutes, of)
    function = _READ.get(part)
    if function is None:
        raise SqlError(155, f"'{part}' is not a recognized datepart option.")
    return of_values(_INT, function, _ticks(of))


def _of_second(size: int, step: int) -> Callable[[int], int]:
    return lambda ticks: ticks % TICKS_PER_SECOND * step // size


_READ: dict[str, Callable[[int], int]] = {
    "year": lambda ticks: times.day(ticks).year, "month": lambda ticks: times.day(ticks).month,
    "quarter": lambda ticks: (times.day(ticks).month + 2) // 3, "day": lambda ticks: times.day(ticks).day,
    "dayofyear": lambda ticks: times.day(ticks).timetuple().tm_yday,
    "weekday": lambda ticks: times.day(ticks).isoweekday() % 7 + 1,
    "iso_week": lambda ticks: times.day(ticks).isocalendar().week,
    "hour": lambda ticks: ticks % TICKS_PER_DAY // (3600 * TICKS_PER_SECOND),
    "minute": lambda ticks: ticks // (60 * TICKS_PER_SECOND) % 60,
    "second": lambda ticks: ticks // TICKS_PER_SECOND % 60,
    "millisecond": _of_second(10_000, 1), "microsecond": _of_second(10, 1), "nanosecond": _of_second(1, 100),
}  # fmt: skip


def _difference(part: str, first: Compiled, last: Compiled, *, large: bool = False) -> Compiled:
    if part not in _COUNTED and part not in _UNITS and part != "nanosecond":
        raise SqlError(155, f"'{part}' is not a recognized datepart option.")
    one, other = (_instant_ticks(of) for of in (first, last))

    def difference(start: int, end: int) -> int:
        found = _crossed(part, start, end)
        if not large and not -(2**31) <= found < 2**31:
            raise SqlError(
                535,
                "The datediff function resulted in an overflow. The number of dateparts separating two "
                "date/time instances is too large. Try to use datediff with a less precise datepart.",
            )
        return found

    return of_values(SqlType("bigint") if large else _INT, difference, one, other)


def _instant_ticks(of: Compiled) -> Compiled:
    """Return ticks in UTC, which is what differences of datetimeoffset are counted in."""
    return of_values(MOMENT, lambda value: value.ticks, of) if family(of.type) == "instant" else _ticks(of)


_COUNTED: dict[str, Callable[[int], int]] = {
    "year": lambda ticks: times.day(ticks).year,
    "quarter": lambda ticks: times.day(ticks).year * 4 + (times.day(ticks).month + 2) // 3,
    "month": lambda ticks: times.day(ticks).year * 12 + times.day(ticks).month,
    "week": lambda ticks: times.day(ticks).toordinal() // 7,
}  # fmt: skip


def _crossed(part: str, start: int, end: int) -> int:
    """Count the boundaries between two moments, as DATEDIFF does."""
    if part == "nanosecond":
        return (end - start) * 100
    count = _COUNTED.get(part)
    if count is not None:
        return count(end) - count(start)
    return end // _UNITS[part] - start // _UNITS[part]


def _add(part: str, number: Compiled, of: Compiled) -> Compiled:
    type_ = of.type if family(of.type) != "text" else SqlType("datetime")
    of = of if of.type == type_ else of_values(type_, casting(of.type, type_), of)
    kind = family(type_)

    def moved(count: Any, value: Any) -> Any:
        ticks = value.ticks if kind == "instant" else value * TICKS_PER_DAY if kind == "date" else value
        found = _moved(part, int(count), ticks)
        if kind == "time":
            return found % TICKS_PER_DAY
        times.check_range(found, type_.name)
        if kind == "instant":
            return Instant(found, value.minutes)
        return found // TICKS_PER_DAY if kind == "date" else casting(MOMENT, type_)(found)

    return of_values(type_, moved, number, of)


def _moved(part: str, count: int, ticks: int) -> int:
    months = {"year": 12, "quarter": 3, "month": 1}.get(part)
    if months is not None:
        return _months_later(ticks, count * months)
    if part == "nanosecond":
        return ticks + (abs(count) + 50) // 100 * (1 if count > 0 else -1)
    if part not in _UNITS:
        raise SqlError(155, f"'{part}' is not a recognized datepart option.")
    return ticks + count * _UNITS[part]


def _months_later(ticks: int, months: int) -> int:
    when = times.day(ticks)
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise SqlError(517, "Adding a value to a 'datetime' column caused an overflow.")
    last = calendar.monthrange(year, month + 1)[1]
    return (date(year, month + 1, min(when.day, last)).toordinal() - 1) * TICKS_PER_DAY + ticks % TICKS_PER_DAY


def _name(part: str, of: Compiled) -> Compiled:
    type_ = SqlType("nvarchar", length=30)
    if part == "month":
        return of_values(type_, lambda ticks: times.day(ticks).strftime("%B"), _ticks(of))
    if part == "weekday":
        return of_values(type_, lambda ticks: times.day(ticks).strftime("%A"), _ticks(of))
    return of_values(type_, str, _part(part, of))


_PARTED: dict[str, Callable[..., Compiled]] = {
    "DATEPART": _part, "DATEDIFF": _difference, "DATEADD": _add, "DATENAME": _name,
    "DATEDIFF_BIG": lambda part, first, last: _difference(part, first, last, large=True),
}  # fmt: skip


def _now(type_: SqlType) -> Callable[[], Compiled]:
    def build() -> Compiled:
        ticks = now()
        value = Instant(ticks, 0) if family(type_) == "instant" else casting(MOMENT, type_)(ticks)
        return Compiled(type=type_, run=lambda _: value, nullable=False, constant=True)

    return build


def _minutes(offset: Any) -> int:
    if isinstance(offset, str):
        found = times.read(f"00:00 {offset}")[2]
        if found is None:
            raise times.bad_text()
        return found
    return int(offset)


def switched(of: Compiled, offset: Compiled) -> Compiled:
    """SWITCHOFFSET: the same moment written with another offset."""
    type_ = of.type if family(of.type) == "instant" else SqlType("datetimeoffset", scale=7)
    of = of if of.type == type_ else of_values(type_, casting(of.type, type_), of)
    return of_values(type_, lambda value, zone: Instant(value.ticks, _minutes(zone)), of, offset)


def _to_offset(of: Compiled, offset: Compiled) -> Compiled:
    type_ = SqlType("datetimeoffset", scale=of.type.scale if of.type.scale is not None else 7)
    return of_values(type_, lambda ticks, zone: times.instant(ticks, _minutes(zone)), _ticks(of), offset)


def in_zone(of: Compiled, zone: Compiled) -> Compiled:
    """AT TIME ZONE, for UTC alone: other zones have rules that this server does not know."""
    if str(zone.value()).upper() != "UTC":
        raise SqlError(40000, f"this server knows no time zone but UTC, not {zone.value()!r}")
    if family(of.type) == "instant":
        return of_values(of.type, lambda value: Instant(value.ticks, 0), of)
    return _to_offset(of, Compiled(type=_INT, run=lambda _: 0, nullable=False, constant=True))


def _date_of(year: int, month: int, day: int) -> int:
    try:
        return date(year, month, day).toordinal() - 1
    except ValueError:
        raise SqlError(
            289, "Cannot construct data type date, some of the arguments have values which are not valid."
        ) from None


def _from_parts(year: Compiled, month: Compiled, day: Compiled) -> Compiled:
    return of_values(SqlType("date"), _date_of, year, month, day)


def _end_of_month(of: Compiled) -> Compiled:
    def last(ticks: int) -> int:
        when = times.day(ticks)
        return _date_of(when.year, when.month, calendar.monthrange(when.year, when.month)[1])

    return of_values(SqlType("date"), last, _ticks(of))


FUNCTIONS: dict[str, Callable[..., Compiled]] = {
    "GETDATE": _now(SqlType("datetime")), "GETUTCDATE": _now(SqlType("datetime")), "SYSDATETIME": _now(MOMENT),
    "SYSUTCDATETIME": _now(MOMENT), "SYSDATETIMEOFFSET": _now(SqlType("datetimeoffset", scale=7)),
    "YEAR": lambda of: _part("year", of), "MONTH": lambda of: _part("month", of), "DAY": lambda of: _part("day", of),
    "SWITCHOFFSET": switched, "TODATETIMEOFFSET": _to_offset, "DATEFROMPARTS": _from_parts, "EOMONTH": _end_of_month,
}  # fmt: skip
