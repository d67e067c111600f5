"""Nested values become JSON that says exactly what they were."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest

from hygge_store_openmirroring.types.rules import converted
from hygge_store_openmirroring.types.texts import json_texts
from hygge_store_openmirroring.types.unfit import UnfitValue


def texts(value, dtype):
    return json_texts(pl.Series("x", [value, None], dtype=dtype)).to_list()


@pytest.mark.parametrize(
    ("value", "dtype", "text"),
    [
        ([1, None], pl.List(pl.Int64()), "[1,null]"),
        ([], pl.List(pl.Int64()), "[]"),
        (
            {"a": 'blå"', "b": [True]},
            pl.Struct({"a": pl.String(), "b": pl.List(pl.Boolean())}),
            '{"a":"blå\\"","b":[true]}',
        ),
        ([Decimal("1.50")], pl.List(pl.Decimal(38, 2)), '["1.50"]'),
        ([float("nan"), float("inf"), 0.1], pl.List(pl.Float64()), "[null,null,0.1]"),
        ([b"\x00\xff"], pl.List(pl.Binary()), '["AP8="]'),
        ([date(2024, 2, 29)], pl.List(pl.Date()), '["2024-02-29"]'),
        ([time(1, 2, 3, 4)], pl.List(pl.Time()), '["01:02:03.000004"]'),
        ([datetime(2024, 2, 29, 1, tzinfo=UTC)], pl.List(pl.Datetime("us", "UTC")), '["2024-02-29T01:00:00+00:00"]'),
        ([timedelta(seconds=1, microseconds=5)], pl.List(pl.Duration("us")), "[1000005]"),
        ([2**63 - 1], pl.List(pl.Int64()), "[9223372036854775807]"),
    ],
)
def test_a_value_is_written_exactly_and_null_stays_null(value, dtype, text):
    assert texts(value, dtype) == [text, None]
    json.loads(text)


INSIDE = {
    "list": pl.List,
    "array of lists": lambda leaf: pl.Array(pl.List(leaf), 1),
    "struct": lambda leaf: pl.Struct({"a": pl.Int64(), "b": pl.List(leaf)}),
}
WRAPPED = {"list": lambda leaf: [leaf], "array of lists": lambda leaf: [[leaf]], "struct": lambda leaf: {"b": [leaf]}}


def mirrored(nanoseconds, leaf, inside):
    counted = pl.Series("x", [WRAPPED[inside](nanoseconds), None], dtype=INSIDE[inside](pl.Int64()))
    dtype = INSIDE[inside](leaf)
    return pl.DataFrame(counted.cast(dtype)).select(converted(pl.col("x"), dtype, "x"))["x"].to_list()


@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize("leaf", [pl.Datetime("ns"), pl.Datetime("ns", "UTC"), pl.Duration("ns"), pl.Time()])
def test_nanoseconds_inside_are_refused_and_never_cut(leaf, inside):
    with pytest.raises(UnfitValue, match="column 'x' holds nanoseconds"):
        mirrored(1_000_000_001, leaf, inside)
    text, nothing = mirrored(1_000_001_000, leaf, inside)
    assert "000001" in text
    assert nothing is None
