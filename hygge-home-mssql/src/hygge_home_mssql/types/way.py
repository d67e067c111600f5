"""What homes and engines ask of a column: its dtype, its SQL, and the columns that a choice adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from hygge_home_mssql.dialect import MSSQL
from hygge_home_mssql.types.table import crossing_of


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

    from hygge_home_mssql.types.column import Column
    from hygge_home_mssql.types.options import Options


def dtype_text_of(column: Column, options: Options) -> str:
    """Return the dtype in the text form of `hygge_core.schema`. Raises `HomeError` for a type without one."""
    return crossing_of(column, options).dtype


def dtype_of(column: Column, options: Options) -> pl.DataType:
    """Return the dtype. Raises `HomeError` for a type without one."""
    from hygge_core import schema

    return schema.dtype_of(dtype_text_of(column, options))


def select_of(column: Column, options: Options) -> str:
    """Write what every engine selects, named as the column. Raises `HomeError` for a type without a dtype."""
    name = MSSQL.quote(column.name)
    sql = crossing_of(column, options).sql.replace("{}", column.expression or name)
    return name if sql == name else f"{sql} AS {name}"


def finished(frame: pl.DataFrame, columns: Iterable[Column], options: Options) -> pl.DataFrame:
    """Turn what arrived for some columns into their dtypes. Raises `HomeError` that names column and value."""
    from hygge_home_mssql.types.finishing import finished as finish

    return frame.with_columns(finish(frame[column.name], crossing_of(column, options)) for column in columns)


def readable(columns: Iterable[Column], options: Options) -> tuple[Column, ...]:
    """Return the columns to read, with those that the options add. Raises `HomeError` for a type without a dtype."""
    return tuple(_expanded(columns, options))


def _expanded(columns: Iterable[Column], options: Options) -> Iterator[Column]:
    for column in columns:
        crossing_of(column, options)
        yield column
        if column.type == "datetimeoffset" and options.datetimeoffset == "column":
            sql = f"DATEPART(tzoffset, {column.expression or MSSQL.quote(column.name)})"
            yield evolve(column, name=f"{column.name}_offset", type="smallint", scale=0, expression=sql)
