"""What texts mean: each read as a value of a dtype, exactly, or as null where that loses something.

One place decides it for every home that meets numbers, dates and times as text.
"""

from __future__ import annotations

import polars as pl


_DATE = r"\d{4}-\d\d-\d\d"
_LAST_DIGIT = {"ms": 3, "us": 6, "ns": 9}


def read_as(text: pl.Expr, dtype: pl.DataType, *, decimal_comma: bool = False) -> pl.Expr:
    """Read texts as a dtype, exactly; null where that cannot be done without loss.

    Dates and times are ISO 8601, with a blank or ``T`` in the middle.  A datetime with a
    zone needs an offset in each text, one without a zone must not have any.
    """
    if dtype == pl.String:
        return text
    if dtype.is_integer():
        return text.cast(dtype, strict=False)
    if dtype.is_float():
        return _float(with_point(text) if decimal_comma else text, dtype)
    if isinstance(dtype, pl.Decimal):
        return _decimal(with_point(text) if decimal_comma else text, dtype)
    if isinstance(dtype, pl.Datetime):
        return _datetime(text, dtype)
    return _PLAIN[type(dtype)](text)


def with_point(text: pl.Expr) -> pl.Expr:
    """Turn a decimal comma into a point; a text that already has a point becomes unreadable."""
    return pl.when(~text.str.contains(".", literal=True)).then(text.str.replace(",", ".", literal=True))


def _float(text: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Digits that overflow to infinity are refused; the word is not."""
    number = text.cast(dtype, strict=False)
    return pl.when(number.is_finite() | number.is_nan() | ~text.str.contains(r"\d")).then(number)


def _decimal(text: pl.Expr, dtype: pl.Decimal) -> pl.Expr:
    whole, fraction = dtype.precision - dtype.scale, dtype.scale
    exact = (
        rf"^[+-]?0*(\d{{1,{whole}}}(\.\d{{0,{fraction}}}0*)?|\.\d{{1,{max(fraction, 1)}}}0*|0)$"
        if whole
        else (rf"^[+-]?0*(\.\d{{1,{fraction}}}0*|0)$")
    )
    return pl.when(text.str.contains(exact)).then(text.cast(dtype, strict=False))


def _datetime(text: pl.Expr, dtype: pl.Datetime) -> pl.Expr:
    spaced = text.str.replace("T", " ", literal=True)
    lost = rf"\.\d{{{_LAST_DIGIT[dtype.time_unit]}}}\d*[1-9]"
    shaped = spaced.str.contains(rf"^{_DATE} ") & ~spaced.str.contains(lost)
    naive = dtype.time_zone is None
    moments = [
        spaced.str.to_datetime(
            clock if naive else f"{clock}%#z",
            time_unit=dtype.time_unit,
            time_zone=None if naive else "UTC",
            strict=False,
            ambiguous="null",
        )
        for clock in ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M")
    ]
    moment = pl.coalesce(moments)
    return pl.when(shaped).then(moment if naive else moment.dt.convert_time_zone(str(dtype.time_zone)))


def _boolean(text: pl.Expr) -> pl.Expr:
    word = text.str.to_lowercase()
    return pl.when(word == "true").then(statement=True).when(word == "false").then(statement=False)


def _date(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(f"^{_DATE}$")).then(text.str.to_date("%Y-%m-%d", strict=False))


def _time(text: pl.Expr) -> pl.Expr:
    clocks = ("%H:%M:%S%.f", "%H:%M")
    return pl.coalesce(text.str.to_time(clock, strict=False) for clock in clocks)


_PLAIN = {pl.Boolean: _boolean, pl.Date: _date, pl.Time: _time}
