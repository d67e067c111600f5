"""One rule for each dtype: what it becomes, and what has no place in a mirrored database.

Fabric keeps tables as Delta: there are no unsigned integers, no times of day, no nanoseconds, no
moments without a zone that its SQL endpoint would show, and nothing nested.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from hygge_store_openmirroring.types.texts import json_texts
from hygge_store_openmirroring.types.unfit import UnfitValue


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


MOMENT: Final = pl.Datetime("us", "UTC")
_AS_IT_IS = frozenset({pl.Boolean, pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.Float32, pl.Float64})
_SAME = _AS_IT_IS | {pl.String, pl.Binary, pl.Date}
_WIDER: dict[type[pl.DataType], pl.DataType] = {
    pl.UInt8: pl.Int16(),
    pl.UInt16: pl.Int32(),
    pl.UInt32: pl.Int64(),
    pl.UInt64: pl.Decimal(20, 0),
    pl.Float16: pl.Float32(),
    pl.Categorical: pl.String(),
    pl.Enum: pl.String(),
}
_NO_PLACE = {
    pl.Null: "has no type, only nulls, and would become an integer for ever; give it a type in the source, "
    "such as CAST(... AS varchar)",
    pl.Int128: "holds integers of 128 bits; make it a decimal of at most 38 digits, or text",
    pl.UInt128: "holds integers of 128 bits; make it a decimal of at most 38 digits, or text",
}
_NANOSECONDS_OF_A_MICROSECOND = 1000


def becomes(dtype: pl.DataType) -> pl.DataType | str:
    """Return the dtype in the mirrored table, or a text that says why there is none and what to do."""
    kind = type(dtype)
    if kind in _SAME or kind is pl.Decimal:
        return dtype
    if kind in _WIDER:
        return _WIDER[kind]
    if kind is pl.Datetime:
        return MOMENT
    if kind is pl.Duration:
        return pl.Int64()
    if kind is pl.Time or dtype.is_nested():
        return pl.String()
    return _NO_PLACE.get(kind, f"is of dtype {dtype}, which has no rule; make it text")


def converted(value: pl.Expr, dtype: pl.DataType, name: str) -> pl.Expr:
    """Return the value as `becomes` says; ``name`` is the column's, for errors.

    Raises `UnfitValue`, when it is evaluated, for nanoseconds that would be lost.
    """
    kind = type(dtype)
    if kind in _SAME or kind is pl.Decimal:
        return value
    if isinstance(dtype, pl.Datetime):
        return _moment(_whole_microseconds(value, dtype.time_unit, name), dtype.time_zone)
    if isinstance(dtype, pl.Duration):
        return _whole_microseconds(value, dtype.time_unit, name).dt.total_microseconds()
    if kind is pl.Time:
        return value.dt.to_string("%H:%M:%S%.9f")
    if dtype.is_nested():
        return value.map_batches(_nested_texts(name), return_dtype=pl.String())
    return value.cast(_WIDER[kind])


def _moment(value: pl.Expr, zone: str | None) -> pl.Expr:
    """Make it a moment in UTC; one without a zone keeps its digits."""
    utc = value.dt.replace_time_zone("UTC") if zone is None else value.dt.convert_time_zone("UTC")
    return utc.dt.cast_time_unit("us")


def _whole_microseconds(value: pl.Expr, unit: str, name: str) -> pl.Expr:
    return value.map_batches(_demand_whole(name), is_elementwise=True) if unit == "ns" else value


def _nested_texts(name: str) -> Callable[[pl.Series], pl.Series]:
    """Write nested values as text, by way of Python's, which know microseconds and no less."""
    demand = _demand_whole(name)

    def texts(values: pl.Series) -> pl.Series:
        for leaf in _leaves(values):
            if leaf.dtype == pl.Time or getattr(leaf.dtype, "time_unit", "") == "ns":
                demand(leaf)
        return json_texts(values)

    return texts


def _leaves(values: pl.Series) -> Iterator[pl.Series]:
    match values.dtype:
        case pl.List() | pl.Array():
            yield from _leaves(values.explode())
        case pl.Struct(fields=fields):
            for field in fields:
                yield from _leaves(values.struct.field(field.name))
        case _:
            yield values


def _demand_whole(name: str) -> Callable[[pl.Series], pl.Series]:
    def demand(values: pl.Series) -> pl.Series:
        if (values.to_physical() % _NANOSECONDS_OF_A_MICROSECOND).fill_null(0).ne(0).any():
            message = (
                f"column {name!r} holds nanoseconds, and Fabric keeps six digits of a second; round it to "
                "microseconds in the source"
            )
            raise UnfitValue(message)
        return values

    return demand
