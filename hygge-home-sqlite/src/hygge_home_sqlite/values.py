"""Values as SQLite stores them, turned into columns of a dtype, exactly or not at all.

It happens in two steps.  Python values of some rows become a series in the form in which
they are stored (`stored`); series of many rows become the dtype (`read`), in Polars.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl

from hygge_core.texts import read_as


if TYPE_CHECKING:
    from collections.abc import Sequence


Value = int | float | str | bytes | None

_WIDEST = 38
"""Digits of the widest decimal; Polars fails on a float that is too large for a narrower one."""

_EXACT = 2**53
"""Up to here a float holds every integer."""

_NAME = "value"
_DATE = r"\d{4}-\d\d-\d\d"
_CLOCK = r"\d\d:\d\d(:\d\d(\.\d+)?)?"
_ZONE = r"(Z|[+-]\d\d:?\d\d)"


class Misfit(Exception):
    """A value cannot be held by the dtype of its column."""


def stored(values: Sequence[Value], dtype: pl.DataType, *, any_as_text: bool = False) -> pl.Series:
    """Make a series of values in the form in which the dtype is usually stored.

    Where the values are stored in another way or in several, the series holds their exact
    texts.  ``any_as_text`` allows that for texts too, which otherwise must be texts.  Raises `Misfit`.
    """
    try:
        series = pl.Series(values, dtype=_form(dtype), strict=True)
    except (TypeError, OverflowError) as error:
        if dtype == pl.Binary or (dtype == pl.String and not any_as_text):
            raise Misfit from error
        return _texts(values, dtype)
    if dtype.is_float() and _beyond(series, 0):
        _demand_exact(values)
    if isinstance(dtype, pl.Decimal) and _beyond(series, dtype.scale):
        return _texts(values, dtype)
    return series


def read(series: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Turn a series that `stored` made into the dtype. Raises `Misfit`."""
    if series.dtype == dtype:
        return series
    column = pl.col(_NAME)  # not the column's own name, which Polars could take for a pattern
    exact = _text_as(column, dtype) if series.dtype == pl.String else _number_as(column, dtype)
    done = series.to_frame(_NAME).select(exact).to_series().alias(series.name)
    if done.null_count() > series.null_count():
        raise Misfit
    return done


def text_of(value: Value) -> str | None:
    """Write any value as text: numbers with all their digits, bytes as ``X'...'``, texts as they are."""
    if value is None or isinstance(value, str):
        return value
    return f"X'{value.hex().upper()}'" if isinstance(value, bytes) else repr(value)


def _form(dtype: pl.DataType) -> pl.DataType:
    if dtype.is_integer() or dtype == pl.Boolean:
        return pl.Int64()
    if dtype.is_float() or isinstance(dtype, pl.Decimal):
        return pl.Float64()
    return pl.Binary() if dtype == pl.Binary else pl.String()


def _beyond(series: pl.Series, scale: int) -> bool:
    """Tell whether a float of the series may be a rounded integer or decimal."""
    largest: Any = series.abs().max()
    return largest is not None and largest * 10**scale >= _EXACT


def _demand_exact(values: Sequence[Value]) -> None:
    if any(isinstance(value, int) and int(float(value)) != value for value in values):
        raise Misfit


def _texts(values: Sequence[Value], dtype: pl.DataType) -> pl.Series:
    if dtype.is_float():
        _demand_exact(values)
    write = _WRITERS.get(type(dtype), text_of)
    return pl.Series([write(value) for value in values], dtype=pl.String)


def _decimal_text(value: Value) -> str | None:
    """Write a float as the shortest decimal that means it, without an exponent."""
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else text_of(value)


def _boolean_text(value: Value) -> str | None:
    return {0: "false", 1: "true"}.get(value, text_of(value)) if isinstance(value, int) else text_of(value)


_WRITERS = {pl.Decimal: _decimal_text, pl.Boolean: _boolean_text}


def _number_as(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Read stored numbers as a dtype, null where they do not fit."""
    if dtype == pl.Boolean:
        return pl.when(column.is_in([0, 1])).then(column == 1)
    if isinstance(dtype, pl.Decimal):
        decimal = column.cast(pl.Decimal(_WIDEST, dtype.scale)).cast(dtype, strict=False)
        return pl.when(decimal.cast(pl.Float64) == column).then(decimal)
    return column.cast(dtype, strict=False)


def _text_as(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Read stored texts as a dtype, null where they do not fit. Dates and times have one shape, which sorts as time."""
    if not dtype.is_temporal():
        return read_as(column, dtype)
    zone = _ZONE if getattr(dtype, "time_zone", None) else ""
    shape = _DATE if dtype == pl.Date else _CLOCK if dtype == pl.Time else f"{_DATE}[ T]{_CLOCK}{zone}"
    return pl.when(column.str.contains(f"^{shape}$")).then(read_as(column, dtype))
