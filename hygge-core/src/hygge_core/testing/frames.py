"""The frames that the conformance kit moves, and how it compares them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from hygge_core.schema import columns_of


_OSLO = ZoneInfo("Europe/Oslo")

DTYPES: dict[str, tuple[pl.DataType, list[Any]]] = {
    "boolean": (pl.Boolean(), [True, False]),
    "int8": (pl.Int8(), [-128, 127]),
    "int16": (pl.Int16(), [-(2**15), 2**15 - 1]),
    "int32": (pl.Int32(), [-(2**31), 2**31 - 1]),
    "int64": (pl.Int64(), [-(2**63), 2**63 - 1]),
    "uint8": (pl.UInt8(), [0, 255]),
    "uint16": (pl.UInt16(), [0, 2**16 - 1]),
    "uint32": (pl.UInt32(), [0, 2**32 - 1]),
    "uint64": (pl.UInt64(), [0, 2**64 - 1]),
    "float32": (pl.Float32(), [0.5, float("inf")]),
    "float64": (pl.Float64(), [0.1, -0.0]),
    "string": (pl.String(), ["", "blåbær 🫐\n\x00'\"\\"]),
    "binary": (pl.Binary(), [b"", b"\x00\xff"]),
    "date": (pl.Date(), [date(1, 1, 1), date(9999, 12, 31)]),
    "time": (pl.Time(), [time(0, 0), time(23, 59, 59, 999999)]),
    "datetime_ms": (pl.Datetime("ms"), [datetime(1969, 7, 20, 20, 17), datetime(9999, 12, 31)]),  # noqa: DTZ001
    "datetime_us": (pl.Datetime("us"), [datetime(1753, 1, 1), datetime(2024, 2, 29, 1, 2, 3, 456789)]),  # noqa: DTZ001
    "datetime_ns": (pl.Datetime("ns"), [datetime(1677, 9, 22), datetime(2262, 4, 11)]),  # noqa: DTZ001
    "datetime_utc": (
        pl.Datetime("us", "UTC"),
        [datetime(2024, 3, 31, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC)],
    ),
    "datetime_zone": (
        pl.Datetime("us", "Europe/Oslo"),
        [datetime(2024, 10, 27, 2, 30, tzinfo=_OSLO), datetime(2024, 10, 27, 2, 30, tzinfo=_OSLO, fold=1)],
    ),
    "duration_ms": (pl.Duration("ms"), [timedelta(milliseconds=-1), timedelta(days=9)]),
    "duration_us": (pl.Duration("us"), [timedelta(microseconds=-1), timedelta(days=9)]),
    "duration_ns": (pl.Duration("ns"), [timedelta(microseconds=-1), timedelta(days=9)]),
    "decimal": (pl.Decimal(10, 2), [Decimal("-12345678.90"), Decimal("0.01")]),
    "decimal_38_10": (pl.Decimal(38, 10), [Decimal("9" * 28 + "." + "9" * 10), Decimal("-0.0000000001")]),
    "decimal_38_0": (pl.Decimal(38, 0), [Decimal("9" * 38), Decimal(-1)]),
    "categorical": (pl.Categorical(), ["low", "high"]),
    "enum": (pl.Enum(["low", "high"]), ["high", "low"]),
    "null": (pl.Null(), [None, None]),
    "list": (pl.List(pl.Int64()), [[1, None], []]),
    "list_of_list": (pl.List(pl.List(pl.String())), [[["a"], []], [None]]),
    "array": (pl.Array(pl.Int16(), 2), [[1, 2], [None, -3]]),
    "struct": (
        pl.Struct({"a": pl.Int8(), "b": pl.Date()}),
        [{"a": 1, "b": date(2024, 2, 29)}, {"a": None, "b": None}],
    ),
    "list_of_struct": (
        pl.List(pl.Struct({"a": pl.Decimal(20, 4), "b": pl.List(pl.String())})),
        [[{"a": Decimal("1.0001"), "b": ["x", None]}], []],
    ),
}
"""Every dtype that a store is tried with, and two values that are easily hurt."""

NAMES = (
    *("with space", "with.dot", "dash-ed", "UPPER and lower", "quo'te", 'quo"te', "back`tick", "semi;colon"),
    *("per%20cent", "ha#sh", "quest?ion", "am&persand", "eq=ual", "br[acket]", "cur{l}y", "comma,", "at@", "tilde~"),
    *("select", "blåbær", "数据", "emoji 🧣", "x" * 100),
)
"""Names that are easily hurt, for tables and columns alike."""


def small(start: int = 0, rows: int = 5) -> pl.DataFrame:
    """Make a frame of numbered rows with a text and a null here and there."""
    number = pl.int_range(start, start + rows, eager=True).alias("id")
    return pl.DataFrame(number).with_columns(
        name=pl.format("row {}", "id"),
        amount=pl.when(pl.col("id") % 3 != 1).then(pl.col("id") / 4),
    )


def of_dtype(label: str) -> pl.DataFrame:
    """Make a frame of one dtype: its two values and a null."""
    dtype, values = DTYPES[label]
    return pl.DataFrame({"id": [0, 1, 2], "value": pl.Series([*values, None], dtype=dtype)})


def difference(found: pl.DataFrame | None, expected: pl.DataFrame) -> str:
    """Say how two frames differ, in any order of rows that have an ``id``; empty when they do not."""
    if found is None:
        return "there is no such table"
    if found.schema != expected.schema:
        return f"the columns are {columns_of(found.schema)}, not {columns_of(expected.schema)}"
    if "id" in expected.columns:
        found, expected = found.sort("id"), expected.sort("id")
    if found.equals(expected, null_equal=True):
        return ""
    return f"{found.height} rows instead of {expected.height}, or other values:\n{found}\ninstead of\n{expected}"
