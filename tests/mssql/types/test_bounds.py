"""Bounds of a range: in the column's own type, and never missing a row that belongs to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.mark import Mark, Range
from hygge_home_mssql.types import bound_of, condition_of, placeholder_of, typed


MICROSECONDS = Mark(dtype="datetime[us]", text="2026-01-31T10:00:00.123456")


def mark(text, dtype="datetime[us]"):
    return Mark(dtype=dtype, text=text)


@pytest.mark.parametrize(
    ("written", "given_mark", "low", "high"),
    [
        ("date", mark("2026-01-31", "date"), "2026-01-31", "2026-01-31"),
        ("datetime", MICROSECONDS, "2026-01-31T10:00:00.123", "2026-01-31T10:00:00.123"),
        ("datetime", mark("0001-01-01T00:00:00.000000"), "1753-01-01T00:00:00.000", "1753-01-01T00:00:00.000"),
        ("datetime", mark("9999-12-31T23:59:59.999999"), "9999-12-31T23:59:59.997", "9999-12-31T23:59:59.997"),
        ("smalldatetime", MICROSECONDS, "2026-01-31T10:00:00", "2026-01-31T10:00:00"),
        ("smalldatetime", mark("2200-01-01T00:00:00.000000"), "2079-06-06T23:59:00", "2079-06-06T23:59:00"),
        ("datetime2(0)", MICROSECONDS, "2026-01-31T10:00:00", "2026-01-31T10:00:00"),
        ("datetime2(3)", MICROSECONDS, "2026-01-31T10:00:00.123", "2026-01-31T10:00:00.123"),
        ("datetime2(7)", MICROSECONDS, "2026-01-31T10:00:00.1234560", "2026-01-31T10:00:00.1234569"),
        (
            "datetime2(7)",
            mark("2026-01-31T10:00:00.123456700", "datetime[ns]"),
            "2026-01-31T10:00:00.1234567",
            "2026-01-31T10:00:00.1234567",
        ),
        (
            "datetimeoffset(7)",
            mark("2026-01-31T10:00:00.123456Z", "datetime[us, UTC]"),
            "2026-01-31T10:00:00.1234560+00:00",
            "2026-01-31T10:00:00.1234569+00:00",
        ),
        (
            "datetimeoffset(0)",
            mark("2026-01-31T10:00:00.000000Z"),
            "2026-01-31T10:00:00+00:00",
            "2026-01-31T10:00:00+00:00",
        ),
        ("time(7)", mark("10:00:00.123456700", "time"), "10:00:00.1234567", "10:00:00.1234567"),
        ("rowversion", mark("00000000000007d1", "binary"), "0x00000000000007d1", "0x00000000000007d1"),
        ("rowversion", mark("2001", "uint64"), "0x00000000000007d1", "0x00000000000007d1"),
        ("binary(2)", mark("ff00", "binary"), "0xff00", "0xff00"),
        ("bigint", mark(str(-(2**63)), "int64"), str(-(2**63)), str(-(2**63))),
        ("tinyint", mark("-5", "int16"), "0", "0"),
        ("int", mark(str(2**40), "int64"), str(2**31 - 1), str(2**31 - 1)),
        ("decimal(38, 10)", mark("-0.0000000001", "decimal(38, 10)"), "-0.0000000001", "-0.0000000001"),
        ("money", mark("12.3456", "decimal(19, 4)"), "12.3456", "12.3456"),
    ],
)
def test_a_mark_is_written_in_the_digits_of_its_column(written, given_mark, low, high):
    column = typed("a", written)
    assert (bound_of(column, given_mark, "low"), bound_of(column, given_mark, "high")) == (low, high)


@pytest.mark.parametrize(
    ("written", "sql"),
    [
        ("datetime2(3)", "CAST(? AS datetime2(3))"),
        ("decimal(10, 2)", "CAST(? AS decimal(10, 2))"),
        ("rowversion", "CONVERT(varbinary(8000), ?, 1)"),
        ("smallint", "CAST(? AS smallint)"),
    ],
)
def test_the_server_makes_the_text_a_value_of_the_columns_own_type(written, sql):
    assert placeholder_of(typed("a", written)) == sql


def test_a_range_becomes_a_condition_with_parameters_and_no_values_in_its_text():
    column = typed("a]b", "datetime")
    found = condition_of(column, Range(column="a]b", low=MICROSECONDS, high=MICROSECONDS))
    assert found.text == "(([a]]b] >= CAST(? AS datetime)) AND ([a]]b] <= CAST(? AS datetime)))"
    assert found.parameters == ("2026-01-31T10:00:00.123",) * 2
    low = condition_of(column, Range(column="a]b", low=MICROSECONDS, nulls=True))
    assert low.text == "(([a]]b] >= CAST(? AS datetime))) OR ([a]]b] IS NULL)"
    assert condition_of(column, Range(column="a]b", nulls=True)) is None
    assert condition_of(column, Range(column="a]b")).text == "([a]]b] IS NOT NULL)"


seconds = st.integers(0, 86_400 * 365 * 200)
START = datetime(1900, 1, 1)


def three_hundredths(text):
    """Turn text with three digits into ticks of 1/300 s as the server does: to the nearest."""
    since = datetime.fromisoformat(text) - START
    milliseconds = since // timedelta(milliseconds=1)
    return (milliseconds * 3 + 5) // 10


def shown(tick):
    """What a driver shows of a datetime of so many ticks: milliseconds."""
    return START + timedelta(milliseconds=(tick * 10 + 1) // 3)


@given(second=seconds, tick=st.integers(0, 299), away=st.integers(-5000, 5000))
def test_a_bound_of_a_datetime_keeps_every_row_of_its_range(second, tick, away):
    stored = second * 300 + tick
    bound = shown(stored) + timedelta(microseconds=away)
    if bound < START:
        return
    text = bound.isoformat(timespec="microseconds")
    low, high = (three_hundredths(bound_of(typed("a", "datetime"), mark(text), edge)) for edge in ("low", "high"))
    if shown(stored) >= bound:
        assert stored >= low
    if shown(stored) <= bound:
        assert stored <= high


@given(second=seconds, tick=st.integers(0, 299))
def test_the_mark_of_a_datetime_finds_the_very_row_that_gave_it(second, tick):
    stored = second * 300 + tick
    text = shown(stored).isoformat(timespec="microseconds")
    assert three_hundredths(bound_of(typed("a", "datetime"), mark(text), "high")) == stored


@given(ticks=st.integers(0, 10**7 - 1), away=st.integers(-30, 30))
def test_a_bound_of_a_truncated_moment_keeps_the_rows_that_were_cut(ticks, away):
    microsecond = max(0, min(999_999, ticks // 10 + away))
    column, at = typed("a", "datetime2"), mark(f"2026-01-31T10:00:00.{microsecond:06}")
    low, high = (Decimal(bound_of(column, at, edge)[17:]) * 10**7 for edge in ("low", "high"))
    if ticks // 10 >= microsecond:
        assert ticks >= low
    if ticks // 10 <= microsecond:
        assert ticks <= high
