"""The columns of a file are read as their writers declared them."""

from __future__ import annotations

import io

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hygge_core.parquet.schema import read_schema


def declared(*fields, **settings):
    file = io.BytesIO()
    pq.write_table(pa.schema(list(fields)).empty_table(), file, **settings)
    return read_schema(file)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (pa.bool_(), ("boolean", "")),
        (pa.int8(), ("int32", "integer", 8, True)),
        (pa.int32(), ("int32", "")),
        (pa.int64(), ("int64", "")),
        (pa.uint16(), ("int32", "integer", 16, False)),
        (pa.uint64(), ("int64", "integer", 64, False)),
        (pa.float16(), ("fixed_len_byte_array", "float16")),
        (pa.float32(), ("float", "")),
        (pa.float64(), ("double", "")),
        (pa.string(), ("byte_array", "string")),
        (pa.binary(), ("byte_array", "")),
        (pa.binary(7), ("fixed_len_byte_array", "")),
        (pa.date32(), ("int32", "date")),
        (pa.null(), ("int32", "null")),
    ],
    ids=str,
)
def test_plain_types_are_told(kind, expected):
    (column,) = declared(("x", kind))
    said = (column.physical, column.logical, column.bits, column.signed)
    assert said[: len(expected)] == expected


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC"])
def test_moments_tell_their_unit_and_their_zone(unit, zone):
    (column,) = declared(("x", pa.timestamp(unit, zone)))
    assert (column.logical, column.unit, column.utc) == ("timestamp", unit, zone is not None)


@pytest.mark.parametrize(("precision", "scale"), [(1, 0), (18, 2), (38, 38)])
def test_decimals_tell_their_digits(precision, scale):
    (column,) = declared(("x", pa.decimal128(precision, scale)))
    assert (column.logical, column.precision, column.scale) == ("decimal", precision, scale)


@pytest.mark.parametrize("nullable", [True, False])
def test_a_column_tells_whether_values_may_be_missing(nullable):
    (column,) = declared(pa.field("x", pa.int64(), nullable))
    assert column.repetition == ("optional" if nullable else "required")


def test_nested_columns_are_one_column_each_and_hide_none_behind_them():
    deep = pa.struct([("a", pa.list_(pa.struct([("b", pa.int8())]))), ("c", pa.map_(pa.string(), pa.int8()))])
    columns = declared(("first", pa.int64()), ("deep", deep), ("list", pa.list_(pa.int8())), ("last", pa.string()))
    assert [(column.name, column.nested) for column in columns] == [
        ("first", False),
        ("deep", True),
        ("list", True),
        ("last", False),
    ]


def test_files_of_old_writers_say_the_same_in_the_old_words():
    (column,) = declared(("x", pa.timestamp("us", "UTC")), version="1.0")
    assert (column.logical, column.unit, column.utc) == ("timestamp", "us", True)
    (moment,) = declared(("x", pa.timestamp("ns")), use_deprecated_int96_timestamps=True)
    assert moment.physical == "int96"


def test_polars_declares_every_column_nullable():
    file = io.BytesIO()
    pl.DataFrame({"a": [1], "b": ["x"], "c": [None]}).write_parquet(file)
    assert [(column.name, column.repetition) for column in read_schema(file)] == [
        ("a", "optional"),
        ("b", "optional"),
        ("c", "optional"),
    ]


def test_what_is_no_parquet_file_is_told():
    with pytest.raises(ValueError, match="not a whole Parquet file"):
        read_schema(io.BytesIO(b"text"))
