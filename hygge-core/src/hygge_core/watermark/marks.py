"""Marks to and from Polars, Python and what people type, without losing a digit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hygge_core.mark import Mark
from hygge_core.watermark.kinds import kind_of
from hygge_core.watermark.moments import DAY_SECONDS, STEPS, is_day


if TYPE_CHECKING:
    import polars as pl

    from hygge_core.watermark.kinds import Ordinal


def mark_of(series: pl.Series) -> Mark | None:
    """Turn a series of one value into a mark, a null into None.

    Raises `ValueError` for a dtype that cannot be a watermark, and for moments outside of
    the years 1 to 9999.
    """
    from hygge_core.schema import text_of

    dtype = text_of(series.dtype)
    kind = kind_of(dtype)
    value = series.to_physical().item()
    return None if value is None else Mark(dtype=dtype, text=kind.write(value))


def series_of(mark: Mark) -> pl.Series:
    """Turn a mark into a series of one value, of exactly its dtype."""
    import polars as pl

    from hygge_core.schema import dtype_of

    dtype = dtype_of(mark.dtype)
    if isinstance(dtype, pl.Decimal):
        return pl.Series([Decimal(mark.text)], dtype=dtype)
    if not dtype.is_temporal():
        return pl.Series([ordinal_of(mark)], dtype=dtype)
    physical = pl.Int32() if dtype == pl.Date else pl.Int64()
    return pl.Series([ordinal_of(mark)], dtype=physical).cast(dtype)


@lru_cache(maxsize=1024)  # the bounds of a range are asked for several times in each run, and are often one mark
def literal_of(mark: Mark) -> pl.Expr:
    """Turn a mark into a constant that the statistics of Parquet files are compared with."""
    import polars as pl

    series = series_of(mark)
    return (
        pl.lit(series.to_physical().item()).cast(series.dtype)
        if series.dtype.is_temporal()
        else pl.lit(series.item(), dtype=series.dtype)
    )


def value_of(mark: Mark) -> Any:
    """Turn a mark into the Python value that a database driver binds.

    `int`, `decimal.Decimal`, `datetime.date`, `datetime.time`, `datetime.datetime` (aware, in UTC,
    for a column with a zone), `bytes` or `str`; a time with digits below the microsecond, which
    Python cannot hold, stays ISO 8601 text.
    """
    kind, ordinal = kind_of(mark.dtype), ordinal_of(mark)
    text = mark.text.removesuffix("Z")
    match kind.name:
        case "number" if mark.dtype.startswith("decimal"):
            return Decimal(text)
        case "date":
            return date.fromisoformat(text)
        case "time" | "datetime" if isinstance(ordinal, int) and kind.steps == STEPS["ns"] and ordinal % 1000:
            return mark.text
        case "time":
            return time.fromisoformat(text[:15])
        case "datetime":
            return datetime.fromisoformat(text[:26]).replace(tzinfo=UTC if kind.zoned else None)
    return ordinal


def ordinal_of(mark: Mark) -> Ordinal:
    """Return what orders marks of one dtype: compare them by it."""
    return kind_of(mark.dtype).read(mark.text)


def latest(one: Mark | None, other: Mark | None) -> Mark | None:
    """Return the later of two marks of one dtype; any mark is later than none."""
    if one is None or other is None:
        return one or other
    return max(one, other, key=ordinal_of)


def is_before(one: Mark | None, other: Mark | None) -> bool:
    """Tell whether the first mark is strictly before the second, both of one dtype; none is before any."""
    return one != other and latest(one, other) == other


def minus(mark: Mark, lag: timedelta | int) -> Mark:
    """Go back by a span of time or a number, never below what the column can hold.

    A lag that falls between two steps of the column goes back to the earlier one.  Raises
    `ValueError` when the lag does not fit the column.
    """
    kind, ordinal = kind_of(mark.dtype), ordinal_of(mark)
    steps = lag_steps(mark.dtype, lag)
    assert isinstance(ordinal, int)  # noqa: S101 - what has steps is a number, for the type checker
    return Mark(dtype=mark.dtype, text=kind.write(max(ordinal - steps, kind.lowest)))


def lag_steps(dtype: str, lag: timedelta | int) -> int:
    """Count a lag in steps of the column, rounded up so that more is read and not less.

    Raises `ValueError` when the lag does not fit the column.
    """
    kind = kind_of(dtype)
    if kind.steps is None:
        raise ValueError(f"a lag means nothing to a column of {dtype}")
    clock = kind.name in ("date", "time", "datetime")
    if clock != isinstance(lag, timedelta):
        wanted = 'a span of time such as "15m"' if clock else "a number"
        raise ValueError(f"the lag of a column of {dtype} must be {wanted}")
    if not isinstance(lag, timedelta):
        return lag * kind.steps
    microseconds = lag // timedelta(microseconds=1)
    whole, per = (1, 86_400 * 10**6) if kind.name == "date" else (kind.steps, 10**6)
    return -(-microseconds * whole // per)


def parse_mark(written: str | int | date | datetime, dtype: str) -> Mark:
    """Read what a person wrote as a value of the column. Raises `ValueError` with the reason.

    Dates and times are ISO 8601, with a space or a ``T``, as short as their day; in a column
    with a zone they are UTC unless they say their offset.  Binary is hexadecimal digits.
    """
    text = written.isoformat() if isinstance(written, date) else str(written)
    kind = kind_of(dtype)
    return Mark(dtype=dtype, text=kind.write(kind.read(text.strip() if kind.name != "string" else text)))


def parse_end(written: str | int | date | datetime, dtype: str) -> Mark:
    """Read the upper end of a range, where a day without a time means all of that day. Raises `ValueError`."""
    mark, kind = parse_mark(written, dtype), kind_of(dtype)
    if kind.name != "datetime" or not kind.steps or not is_day(str(written).strip()):
        return mark
    begins = kind.read(mark.text)
    assert isinstance(begins, int)  # noqa: S101 - a moment is, for the type checker
    return Mark(dtype=dtype, text=kind.write(min(begins + DAY_SECONDS * kind.steps - 1, kind.highest)))


def retyped(mark: Mark, dtype: str) -> Mark:
    """Carry a mark over to a column that was widened since. Raises `ValueError` when it is another value there."""
    if mark.dtype == dtype:
        return mark
    old, new = kind_of(mark.dtype), kind_of(dtype)
    if (old.name, old.zoned) != (new.name, new.zoned):
        raise ValueError(f"the column was {mark.dtype} and is {dtype}")
    return Mark(dtype=dtype, text=new.write(new.read(mark.text)))
