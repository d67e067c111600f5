"""Wider means: every value of the old dtype is a value of the new one."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.commit import Column
from hygge_core.drift import compare
from hygge_core.schema import text_of


def _kind(old, new):
    (change,) = compare([Column(name="x", dtype=old)], [Column(name="x", dtype=new)]).changes
    return change.kind


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("int8", "int16"),
        ("int32", "int64"),
        ("int64", "int128"),
        ("uint8", "uint16"),
        ("uint8", "int16"),
        ("uint32", "int64"),
        ("float32", "float64"),
        ("decimal(10, 2)", "decimal(18, 2)"),
        ("decimal(10, 2)", "decimal(12, 4)"),
        ("datetime[ms]", "datetime[us]"),
        ("datetime[ms, UTC]", "datetime[us, UTC]"),
        ("duration[ms]", "duration[us]"),
        ('enum["a", "b"]', 'enum["a", "b", "c"]'),
        ('enum["a"]', "string"),
        ('enum["a"]', "categorical"),
        ("categorical", "string"),
        ("null", "int64"),
        ("null", "list[string]"),
    ],
)
def test_widening_one_way_is_narrowing_the_other(narrow, wide):
    assert _kind(narrow, wide) == "widened"
    assert _kind(wide, narrow) == "narrowed"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("int64", "string"),
        ("int32", "uint32"),
        ("int8", "uint16"),
        ("int32", "float64"),
        ("int32", "decimal(38, 0)"),
        ("float64", "decimal(38, 10)"),
        ("decimal(10, 2)", "decimal(10, 4)"),
        ("date", "datetime[us]"),
        ("datetime[us]", "datetime[ns]"),
        ("datetime[ms]", "datetime[ns]"),
        ("datetime[us]", "datetime[us, UTC]"),
        ("datetime[us, Europe/Berlin]", "datetime[us, UTC]"),
        ("datetime[ms]", "duration[us]"),
        ('enum["a", "b"]', 'enum["a", "bc"]'),
        ('enum["a"]', 'enum["a\\", \\"b"]'),
        ("string", "binary"),
        ("boolean", "int8"),
        ("list[int32]", "list[int64]"),
        ('struct{"a": int8}', 'struct{"a": int8, "b": int8}'),
    ],
)
def test_other_changes_are_incompatible_both_ways(one, other):
    assert _kind(one, other) == "incompatible"
    assert _kind(other, one) == "incompatible"


INTEGERS = [pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64]


@given(st.sampled_from(INTEGERS), st.sampled_from(INTEGERS))
def test_an_integer_is_wider_exactly_where_polars_can_hold_its_extremes(old, new):
    if old == new:
        return
    ends = pl.select(low=old.min(), high=old.max()).row(0)
    low, high = pl.select(low=new.min(), high=new.max()).row(0)

    assert (_kind(text_of(old()), text_of(new())) == "widened") == (low <= ends[0] and ends[1] <= high)


@given(st.integers(1, 38), st.integers(0, 38), st.integers(1, 38), st.integers(0, 38))
def test_a_decimal_is_wider_exactly_where_its_largest_value_fits(precision, scale, new_precision, new_scale):
    if scale > precision or new_scale > new_precision or (precision, scale) == (new_precision, new_scale):
        return
    fits = new_scale >= scale and (10**precision - 1) * 10 ** (new_scale - scale) < 10**new_precision
    old, new = pl.Decimal(precision, scale), pl.Decimal(new_precision, new_scale)

    assert (_kind(text_of(old), text_of(new)) == "widened") == fits
