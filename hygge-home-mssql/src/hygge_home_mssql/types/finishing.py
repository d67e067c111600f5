"""What is left to do with values after they arrived: texts of moments read, dtypes brought to the catalogue's.

Nothing is rounded here.  A value that its dtype cannot hold stops the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hygge_core import HomeError
from hygge_core.schema import dtype_of


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygge_home_mssql.types.crossing import Crossing


_MINUTE = 60_000_000
_MICROSECONDS = 26
_FIXED, _FREE = "%Y-%m-%d %H:%M:%S.%6f", "%Y-%m-%d %H:%M:%S%.f"
_LEAST, _MOST = -(2**63) // 1000 + 1, (2**63 - 1) // 1000 - 1
"""The microseconds from 1970 that 64 bits hold as nanoseconds."""


def finished(series: pl.Series, crossing: Crossing) -> pl.Series:
    """Turn what arrived into the column's dtype. Raises `HomeError` that names column and value."""
    return _FINISHES[crossing.finish](series, dtype_of(crossing.dtype), crossing)


def not_unicode(columns: Sequence[str], why: str) -> HomeError:
    """Make the error about half of a character in a text of one of the columns."""
    names = " or ".join(map(repr, columns))
    return HomeError(
        f"column {names} holds a text that is no Unicode: {why}",
        fix="mend it there, or read its bytes by a query: CAST(column AS varbinary(max))",
    )


def _cast(series: pl.Series, dtype: pl.DataType, _: Crossing) -> pl.Series:
    if isinstance(dtype, pl.Datetime) and dtype.time_zone and series.dtype == pl.Datetime("us"):
        return series.dt.replace_time_zone(dtype.time_zone)
    return series.cast(dtype)


def _moment(series: pl.Series, dtype: pl.DataType, crossing: Crossing) -> pl.Series:
    """Read ``2026-01-31 10:00:00.1234567``."""
    return _in_unit(series, _microseconds(series), dtype, crossing)


def _instant(series: pl.Series, dtype: pl.DataType, crossing: Crossing) -> pl.Series:
    """Read ``2026-01-31 10:00:00.1234567 +02:00`` as the instant that it means."""
    local, offset = series.str.head(-7), series.str.tail(6)
    minutes = offset.str.slice(1, 2).cast(pl.Int64) * 60 + offset.str.tail(2).cast(pl.Int64)
    west = offset.str.starts_with("-").cast(pl.Int64) * 2 - 1
    return _in_unit(local, _microseconds(local) + minutes * west * _MINUTE, dtype, crossing)


def _clock(series: pl.Series, dtype: pl.DataType, _: Crossing) -> pl.Series:
    """Read ``10:00:00.1234567``, every digit."""
    return series.str.to_time("%H:%M:%S%.f").cast(dtype)


def _big_endian(series: pl.Series, dtype: pl.DataType, _: Crossing) -> pl.Series:
    return series.bin.reinterpret(dtype=pl.UInt64, endianness="big").cast(dtype)


def _utf_16(series: pl.Series, _: pl.DataType, __: Crossing) -> pl.Series:
    """Read the two bytes for each unit of a text as the server stores it."""
    try:
        texts = [value if value is None else value.decode("utf-16-le") for value in series]
    except UnicodeDecodeError as error:
        raise not_unicode([series.name], str(error)) from error
    return pl.Series(series.name, texts, dtype=pl.String)


def _microseconds(texts: pl.Series) -> pl.Series:
    """Count the microseconds from 1970, whatever the seventh digit is. The fixed form reads four times faster."""
    first = texts.str.head(_MICROSECONDS)
    moments = first.str.to_datetime(_FIXED, time_unit="us", strict=False)
    if moments.null_count() > texts.null_count():
        moments = first.str.to_datetime(_FREE, time_unit="us")
    return moments.to_physical()


def _in_unit(texts: pl.Series, microseconds: pl.Series, dtype: pl.DataType, crossing: Crossing) -> pl.Series:
    """Add the seventh digit, or see that there is none, or leave it out where that was chosen."""
    digit = texts.str.slice(_MICROSECONDS, 1)
    if "ns" in crossing.dtype:
        beyond = ~microseconds.is_between(_LEAST, _MOST)
        _demand_none(texts, beyond, "nanoseconds hold the years 1677 to 2262 only")
        nanoseconds = microseconds * 1000 + digit.str.replace("^$", "0").cast(pl.Int64) * 100
        return nanoseconds.cast(dtype)
    if crossing.exact:
        _demand_none(texts, ~digit.is_in(["", "0"]), "the column's dtype keeps microseconds")
    return microseconds.cast(dtype)


def _demand_none(texts: pl.Series, wrong: pl.Series, why: str) -> None:
    if not wrong.any():
        return
    first = texts.filter(wrong)[0]
    raise HomeError(
        f"column {texts.name!r} holds {first}, and {why}",
        fix='choose what becomes of such values: on_100ns = "ns", "text" or "truncate"',
    )


_FINISHES: dict[str, Callable[[pl.Series, pl.DataType, Crossing], pl.Series]] = {
    "cast": _cast,
    "moment": _moment,
    "instant": _instant,
    "clock": _clock,
    "big_endian": _big_endian,
    "utf_16": _utf_16,
}
