"""The table of types: each type has one dtype, one way to be selected, and refusals that say the way out."""

from __future__ import annotations

import polars as pl
import pytest

from hygge_core import HomeError
from hygge_home_mssql.types import MAX, Column, Options, dtype_of, is_long, readable, select_of, typed, why_not_followed


EXACT = Options()
DTYPES = {
    "bit": pl.Boolean(),
    "tinyint": pl.UInt8(),
    "smallint": pl.Int16(),
    "int": pl.Int32(),
    "bigint": pl.Int64(),
    "decimal(38, 10)": pl.Decimal(38, 10),
    "numeric(5,5)": pl.Decimal(5, 5),
    "decimal": pl.Decimal(18, 0),
    "money": pl.Decimal(19, 4),
    "smallmoney": pl.Decimal(10, 4),
    "real": pl.Float32(),
    "float": pl.Float64(),
    "float(24)": pl.Float32(),
    "float(53)": pl.Float64(),
    "date": pl.Date(),
    "time": pl.Time(),
    "time(0)": pl.Time(),
    "datetime": pl.Datetime("us"),
    "smalldatetime": pl.Datetime("us"),
    "datetime2": pl.Datetime("us"),
    "datetime2(3)": pl.Datetime("us"),
    "datetimeoffset": pl.Datetime("us", "UTC"),
    "char(3)": pl.String(),
    "varchar(max)": pl.String(),
    "text": pl.String(),
    "nchar(3)": pl.String(),
    "nvarchar(4000)": pl.String(),
    "sysname": pl.String(),
    "ntext": pl.String(),
    "xml": pl.String(),
    "json": pl.String(),
    "binary(16)": pl.Binary(),
    "varbinary(max)": pl.Binary(),
    "image": pl.Binary(),
    "timestamp": pl.Binary(),
    "rowversion": pl.Binary(),
    "uniqueidentifier": pl.String(),
    "hierarchyid": pl.String(),
    "geography": pl.String(),
    "geometry": pl.String(),
}


@pytest.mark.parametrize("written", DTYPES)
def test_every_type_has_its_dtype(written):
    assert dtype_of(typed("a", written), EXACT) == DTYPES[written]


@pytest.mark.parametrize("written", DTYPES)
def test_fabric_gets_only_dtypes_that_its_tables_hold(written):
    dtype = dtype_of(typed("a", written), Options(profile="fabric", rowversion="uint64"))
    assert not dtype.is_unsigned_integer()
    assert dtype != pl.Time
    if isinstance(dtype, pl.Datetime):
        assert (dtype.time_unit, dtype.time_zone) == ("us", "UTC")
    if written == "rowversion":
        assert dtype == pl.Decimal(20, 0)


@pytest.mark.parametrize(
    ("options", "written", "dtype"),
    [
        (Options(on_100ns="ns"), "datetime2", pl.Datetime("ns")),
        (Options(on_100ns="ns"), "datetime2(6)", pl.Datetime("us")),
        (Options(on_100ns="ns"), "datetimeoffset", pl.Datetime("ns", "UTC")),
        (Options(on_100ns="ns"), "time", pl.Time()),
        (Options(on_100ns="text"), "datetime2", pl.String()),
        (Options(on_100ns="text"), "datetime2(6)", pl.Datetime("us")),
        (Options(on_100ns="text"), "datetimeoffset", pl.String()),
        (Options(on_100ns="text"), "datetimeoffset(3)", pl.Datetime("us", "UTC")),
        (Options(on_100ns="truncate"), "datetime2", pl.Datetime("us")),
        (Options(datetimeoffset="text"), "datetimeoffset(0)", pl.String()),
        (Options(rowversion="uint64"), "rowversion", pl.UInt64()),
        (Options(spatial="bytes"), "geography", pl.Binary()),
        (Options(spatial="bytes"), "hierarchyid", pl.Binary()),
    ],
)
def test_a_choice_changes_the_types_that_it_is_about(options, written, dtype):
    assert dtype_of(typed("a", written), options) == dtype


@pytest.mark.parametrize(
    ("written", "sql"),
    [
        ("int", "[a]]b]"),
        ("datetime2(6)", "[a]]b]"),
        ("datetime2(7)", "CONVERT(varchar(27), [a]]b], 121) AS [a]]b]"),
        ("time(0)", "CONVERT(varchar(8), [a]]b], 121) AS [a]]b]"),
        ("time(3)", "CONVERT(varchar(12), [a]]b], 121) AS [a]]b]"),
        ("datetimeoffset(0)", "CONVERT(varchar(26), [a]]b], 121) AS [a]]b]"),
        ("datetimeoffset", "CONVERT(varchar(34), [a]]b], 121) AS [a]]b]"),
        ("uniqueidentifier", "CAST([a]]b] AS char(36)) AS [a]]b]"),
        ("geography", "[a]]b].ToString() AS [a]]b]"),
        ("xml", "CAST([a]]b] AS nvarchar(max)) AS [a]]b]"),
    ],
)
def test_names_are_quoted_and_types_that_drivers_spoil_are_selected_as_text(written, sql):
    assert select_of(typed("a]b", written), EXACT) == sql


def test_a_name_that_looks_like_a_place_to_fill_stays_a_name():
    assert select_of(typed("{}", "xml"), EXACT) == "CAST([{}] AS nvarchar(max)) AS [{}]"


def test_a_truncated_moment_is_left_to_the_driver_which_cuts_it():
    assert select_of(typed("a", "datetime2"), Options(on_100ns="truncate")) == "[a]"


@pytest.mark.parametrize(
    ("written", "way_out"), [("sql_variant", "CAST([a] AS nvarchar(4000))"), ("phone_number", "casts [a]")]
)
def test_what_has_no_dtype_is_refused_with_the_way_out(written, way_out):
    for ask in (dtype_of, select_of, why_not_followed):
        with pytest.raises(HomeError, match="column 'a' ") as refused:
            ask(typed("a", written), EXACT)
        assert way_out in refused.value.fix
        assert '"columns"' in refused.value.fix


def test_offsets_become_a_column_beside_the_instant_by_choice():
    columns = [typed("id", "int"), typed("at", "datetimeoffset")]
    assert readable(columns, EXACT) == tuple(columns)
    _, at, offset = readable(columns, Options(datetimeoffset="column"))
    assert at == columns[1]
    assert select_of(offset, EXACT) == "DATEPART(tzoffset, [at]) AS [at_offset]"
    assert dtype_of(offset, EXACT) == pl.Int16


def test_what_cannot_be_read_is_refused_when_the_columns_are_chosen():
    with pytest.raises(HomeError, match="sql_variant"):
        readable([typed("v", "sql_variant")], EXACT)


def test_nanoseconds_and_fabric_contradict_each_other():
    with pytest.raises(ValueError, match=r"do not go together.*truncate"):
        Options(on_100ns="ns", profile="fabric")


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("NVARCHAR(MAX)", ("nvarchar", MAX, 0, 0, "nvarchar(max)")),
        ("sysname", ("nvarchar", 128, 0, 0, "nvarchar(128)")),
        ("timestamp", ("rowversion", 0, 0, 0, "rowversion")),
        (" numeric( 10 , 2 ) ", ("decimal", 0, 10, 2, "decimal(10, 2)")),
        ("decimal(9)", ("decimal", 0, 9, 0, "decimal(9, 0)")),
        ("time", ("time", 0, 0, 7, "time(7)")),
        ("datetime2(0)", ("datetime2", 0, 0, 0, "datetime2(0)")),
        ("double precision", ("float", 0, 0, 0, "float")),
        ("binary", ("binary", 1, 0, 0, "binary(1)")),
        ("float(10)", ("real", 0, 0, 0, "real")),
        ("int", ("int", 0, 0, 0, "int")),
    ],
)
def test_a_written_type_is_taken_apart_and_written_again(written, parts):
    column = typed("a", written)
    assert (column.type, column.length, column.precision, column.scale, column.written) == parts
    again = typed("a", column.written)
    assert again == column


@pytest.mark.parametrize("written", ["", "int)", "decimal(1,2,3)", "4711"])
def test_what_is_no_type_is_refused(written):
    with pytest.raises(ValueError, match="not the name of a type"):
        typed("a", written)


def test_values_that_may_be_large_are_known():
    assert is_long(Column(name="a", type="varchar", length=MAX))
    assert is_long(typed("a", "image"))
    assert not is_long(typed("a", "nvarchar(4000)"))


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("uniqueidentifier", "last bytes first"),
        ("varbinary(8)", "0x0100 for equal"),
        ("float", "rounded"),
        ("real", "rounded"),
        ("bit", "two values"),
        ("nvarchar(10)", "collation"),
        ("xml", "collation"),
        ("image", "no order"),
    ],
)
def test_columns_that_cannot_be_a_watermark_say_why(written, reason):
    assert reason in why_not_followed(typed("a", written), EXACT)


def test_moments_read_as_text_are_no_watermark():
    assert "collation" in why_not_followed(typed("a", "datetime2"), Options(on_100ns="text"))
    assert "collation" in why_not_followed(typed("a", "time"), Options(profile="fabric"))
    for written in ("datetime2", "rowversion", "binary(8)", "money", "date", "bigint", "datetimeoffset"):
        assert why_not_followed(typed("a", written), EXACT) == ""
