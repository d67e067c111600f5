"""What texts mean: which kind a column of texts is, and how each is read as a dtype.

One place decides it for the survey, for the search for bad rows, and for the rows
themselves, so the three cannot disagree.
"""

from __future__ import annotations

import polars as pl
from attrs import frozen


@frozen(kw_only=True)
class Kind:
    """A kind of column that is recognised without being told: how its texts look, and its dtype."""

    pattern: str
    dtype: pl.DataType


_DATE = r"\d{4}-\d\d-\d\d"
_CLOCK = r"[ T]\d\d:\d\d:\d\d"
_ZONE = r"(Z|[+-]\d\d:?\d\d)"

KINDS = (
    Kind(pattern=r"^(?i:true|false)$", dtype=pl.Boolean()),
    Kind(pattern=r"^-?(0|[1-9]\d{0,18})$", dtype=pl.Int64()),
    Kind(
        pattern=r"^(-?((0|[1-9]\d{0,14})|(0|[1-9]\d*)?\.\d+|(0|[1-9]\d*)\.|(0|[1-9]\d*)(\.\d*)?[eE][+-]?\d+)|-?inf|NaN|nan)$",
        dtype=pl.Float64(),
    ),
    Kind(pattern=f"^{_DATE}$", dtype=pl.Date()),
    Kind(pattern=rf"^{_DATE}{_CLOCK}(\.\d{{1,6}})?$", dtype=pl.Datetime("us")),
    Kind(pattern=rf"^{_DATE}{_CLOCK}(\.\d{{1,9}})?$", dtype=pl.Datetime("ns")),
    Kind(pattern=rf"^{_DATE}{_CLOCK}(\.\d{{1,6}})?{_ZONE}$", dtype=pl.Datetime("us", "UTC")),
    Kind(pattern=rf"^{_DATE}{_CLOCK}(\.\d{{1,9}})?{_ZONE}$", dtype=pl.Datetime("ns", "UTC")),
)
"""The kinds in the order they are preferred; a column that fits none of them is text.

Numbers with leading zeros or a plus sign fit no kind: they are codes and telephone numbers,
and would not be the same after a round trip.  An integer of more than 15 digits does not
fit a float, which could not hold it exactly.
"""

_LAST_DIGIT = {"ms": 3, "us": 6, "ns": 9}


def fits(text: pl.Expr, kind: Kind, *, decimal_comma: bool = False) -> pl.Expr:
    """Say for each text whether it is of the kind; null for a null or empty text."""
    number = _with_point(text) if decimal_comma and kind.dtype.is_float() else text
    looks = number.str.contains(kind.pattern)
    return pl.when(text != "").then(looks & read_as(text, kind.dtype, decimal_comma=decimal_comma).is_not_null())


def is_bad(text: pl.Expr, dtype: pl.DataType, *, decimal_comma: bool = False) -> pl.Expr:
    """Say for each text whether it cannot be read as the dtype. Null and empty texts are not bad."""
    read = read_as(text, dtype, decimal_comma=decimal_comma)
    return (text != "").fill_null(value=False) & read.is_null()


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
        return _float(_with_point(text) if decimal_comma else text, dtype)
    if isinstance(dtype, pl.Decimal):
        return _decimal(_with_point(text) if decimal_comma else text, dtype)
    if isinstance(dtype, pl.Datetime):
        return _datetime(text, dtype)
    return _PLAIN[type(dtype)](text)


def _with_point(text: pl.Expr) -> pl.Expr:
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
