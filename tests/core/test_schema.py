"""Dtypes survive the way through text."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.schema import columns_of, dtype_of, schema_of, text_of


ATOMS = [
    pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.Int128, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64, pl.UInt128,
    pl.Float32, pl.Float64, pl.Boolean, pl.String, pl.Binary, pl.Date, pl.Time, pl.Categorical, pl.Null,
]  # fmt: skip
NAMES = st.text(max_size=8)
LEAVES = st.one_of(
    st.sampled_from(ATOMS).map(lambda kind: kind()),
    st.builds(pl.Datetime, st.sampled_from(["ms", "us", "ns"]), st.sampled_from([None, "UTC", "Etc/GMT+5"])),
    st.builds(pl.Duration, st.sampled_from(["ms", "us", "ns"])),
    st.integers(1, 38).flatmap(lambda p: st.builds(pl.Decimal, st.just(p), st.integers(0, p))),
    st.lists(NAMES, unique=True, max_size=3).map(pl.Enum),
)
DTYPES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(pl.List),
        st.builds(pl.Map, st.just(pl.String()), inner),
        st.builds(pl.Array, inner, st.integers(0, 9)),
        st.dictionaries(NAMES, inner, max_size=3).map(pl.Struct),
    ),
    max_leaves=4,
)


@given(dtype=DTYPES)
def test_every_dtype_comes_back_from_its_text(dtype):
    assert dtype_of(text_of(dtype)) == dtype


@given(schema=st.dictionaries(NAMES, DTYPES, max_size=4).map(pl.Schema))
def test_a_schema_comes_back_from_its_columns(schema):
    assert schema_of(columns_of(schema)) == schema


def test_users_may_write_common_words_in_any_case():
    assert dtype_of("INT") == pl.Int64()
    assert dtype_of("Decimal( 10,2 )") == pl.Decimal(10, 2)
    assert dtype_of("datetime") == pl.Datetime("us")
    assert dtype_of("duration") == pl.Duration("us")
    assert dtype_of("decimal(9)") == pl.Decimal(9, 0)


@pytest.mark.parametrize(
    "text",
    ["", "int65", "datetime[days]", "datetime[us", "decimal", "decimal(x)", "decimal(5, 2", "list[int8", "array[int8]",
     'struct{"a" int8}', "struct{a: int8}", "enum[a]", "int8 int8", "array[int8, x]", "duration[us, UTC]", "§"],
)  # fmt: skip
def test_what_is_no_dtype_is_named_in_the_error(text):
    with pytest.raises(ValueError, match="is not a dtype"):
        dtype_of(text)


def test_objects_have_no_text():
    with pytest.raises(TypeError, match="cannot be kept in a store"):
        text_of(pl.Object())
