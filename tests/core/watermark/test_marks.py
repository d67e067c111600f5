"""A value of a watermark goes through text, Polars and Python and comes back as it was."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.mark import Mark
from hygge_core.schema import text_of
from hygge_core.watermark.kinds import kind_of
from hygge_core.watermark.marks import (
    is_before,
    lag_steps,
    latest,
    literal_of,
    mark_of,
    minus,
    ordinal_of,
    parse_end,
    parse_mark,
    retyped,
    series_of,
    value_of,
)


INTEGERS = [pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.Int128, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64, pl.UInt128]
ZONES = [None, "UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]
NAIVE = datetime.fromisoformat("2026-01-31T07:30:00")
UNITS = ["ms", "us", "ns"]
NS = 2**63 - 1
NS_ENDS = "1677-09-21T00:12:43.145224192 to 2262-04-11T23:47:16.854775807"
YEAR_1, YEAR_10000 = -62_135_596_800, 253_402_300_800
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def physical(number, dtype):
    """Make a series of one value from the number that Polars itself keeps it as."""
    return pl.Series([number], dtype=pl.Int32 if dtype == pl.Date else pl.Int64).cast(dtype)


def low(kind):
    return 0 if str(kind()).startswith("U") else -(2 ** (bits(kind) - 1))


def high(kind):
    return 2 ** bits(kind) - 1 if low(kind) == 0 else 2 ** (bits(kind) - 1) - 1


def bits(kind):
    return int("".join(filter(str.isdigit, str(kind()))))


def decimal(number, precision, scale):
    """Make a series of a decimal, from its digits without the point."""
    digits = f"{abs(number):0{scale + 1}}"
    whole, fraction = digits[: len(digits) - scale], digits[len(digits) - scale :]
    text = f"{'-' if number < 0 else ''}{whole}.{fraction or 0}"
    return pl.Series([text]).cast(pl.Decimal(precision, scale))


def values_of(dtype):
    """Draw a series of one value of a dtype."""
    match dtype:
        case pl.Decimal(precision=precision, scale=scale):
            most = 10**precision - 1
            return st.integers(-most, most).map(lambda number: decimal(number, precision, scale))
        case pl.Time():
            return st.integers(0, 86_400 * 10**9 - 1).map(lambda number: physical(number, dtype))
        case pl.Datetime(time_unit="ns"):
            return st.integers(-NS, NS).map(lambda number: physical(number, dtype))
        case pl.Datetime(time_unit=unit):
            steps = {"ms": 10**3, "us": 10**6}[unit]
            numbers = st.integers(YEAR_1 * steps, YEAR_10000 * steps - 1)
            return numbers.map(lambda number: physical(number, dtype))
    numbers = {pl.Date: st.dates(), pl.Binary: st.binary(), pl.String: TEXT}
    kind = type(dtype)
    found = numbers[kind] if kind in numbers else st.integers(low(kind), high(kind))
    return found.map(lambda value: pl.Series([value], dtype=dtype))


DTYPES = st.one_of(
    st.sampled_from([*INTEGERS, pl.Date, pl.Time, pl.Binary, pl.String]).map(lambda kind: kind()),
    st.integers(1, 38).flatmap(lambda most: st.integers(0, most).map(lambda scale: pl.Decimal(most, scale))),
    st.builds(pl.Datetime, st.sampled_from(UNITS), st.sampled_from(ZONES)),
)
VALUES = DTYPES.flatmap(values_of)
PAIRS = DTYPES.flatmap(lambda dtype: st.tuples(values_of(dtype), values_of(dtype)))
EXTREMES = [
    *(pl.Series([edge(kind)], dtype=kind) for kind in INTEGERS for edge in (low, high)),
    *(pl.Series([day], dtype=pl.Date) for day in (date.min, date(1969, 12, 31), date.max)),
    *(physical(number, pl.Datetime("ns", zone)) for number in (-NS, -1, 0, 999_999_999, NS) for zone in ZONES),
    physical(86_400 * 10**9 - 1, pl.Time),
    pl.Series(["-" + "9" * 38], dtype=pl.String).cast(pl.Decimal(38, 0)),
    pl.Series(["0." + "9" * 38], dtype=pl.String).cast(pl.Decimal(38, 38)),
    pl.Series([b""], dtype=pl.Binary),
    pl.Series([""], dtype=pl.String),
]


def returns(series):
    mark = mark_of(series)
    back = series_of(mark)
    assert back.dtype == series.dtype
    assert back.to_physical().item() == series.to_physical().item()
    assert mark == mark_of(back) == Mark(dtype=text_of(series.dtype), text=mark.text)
    constant = pl.select(literal_of(mark).alias("constant")).to_series()
    assert (constant.dtype, constant.to_physical().item()) == (series.dtype, series.to_physical().item())


@given(VALUES)
def test_every_value_comes_back_as_it_was(series):
    returns(series)


@pytest.mark.parametrize("series", EXTREMES, ids=lambda series: f"{series.dtype}-{series.to_physical().item()}")
def test_the_ends_of_every_dtype_come_back_as_they_were(series):
    returns(series)


@given(PAIRS)
def test_marks_order_as_polars_orders_their_values(pair):
    one, two = map(mark_of, pair)
    both = pl.DataFrame({"one": pair[0], "two": pair[1]})
    assert is_before(one, two) == both.select(pl.col("one") < pl.col("two")).item()
    assert latest(one, two) == latest(two, one)


def test_no_mark_is_before_any():
    mark = Mark(dtype="int64", text="-5")
    assert latest(None, mark) == latest(mark, None) == mark
    assert latest(None, None) is None
    assert is_before(None, mark)
    assert not is_before(mark, None)
    assert not is_before(mark, mark)


def test_a_null_is_no_mark():
    assert mark_of(pl.Series([None], dtype=pl.Datetime("ns", "UTC"))) is None


@pytest.mark.parametrize(
    ("dtype", "text", "value"),
    [
        ("uint64", "18446744073709551615", 2**64 - 1),
        ("decimal(38, 10)", "9999999999999999999999999999.9999999999", Decimal("9" * 28 + "." + "9" * 10)),
        ("date", "0001-01-01", date(1, 1, 1)),
        ("time", "07:30:00.000001000", time(7, 30, 0, 1)),
        ("time", "07:30:00.000000001", "07:30:00.000000001"),
        ("datetime[ms]", "2026-01-31T07:30:00.120", NAIVE.replace(microsecond=120_000)),
        ("datetime[us, Europe/Berlin]", "2026-01-31T07:30:00.000001Z", datetime(2026, 1, 31, 7, 30, 0, 1, tzinfo=UTC)),
        ("datetime[ns]", "2026-01-31T07:30:00.123456000", NAIVE.replace(microsecond=123_456)),
        ("datetime[ns, UTC]", "2026-01-31T07:30:00.123456789Z", "2026-01-31T07:30:00.123456789Z"),
        ("binary", "00000000000007d1", b"\0\0\0\0\0\0\x07\xd1"),
        ("string", "ä", "ä"),
    ],
)
def test_databases_get_the_value_exactly_or_its_text(dtype, text, value):
    found = value_of(Mark(dtype=dtype, text=text))
    assert (type(found), found) == (type(value), value)
    assert parse_mark(text, dtype).text == text


@pytest.mark.parametrize(
    ("dtype", "written", "text"),
    [
        ("int64", " 007 ", "7"),
        ("int64", 7, "7"),
        ("decimal(10, 2)", "7", "7.00"),
        ("decimal(10, 2)", "-0.5", "-0.50"),
        ("decimal(10, 2)", "7.1000", "7.10"),
        ("date", date(2026, 1, 31), "2026-01-31"),
        ("time", "07:30", "07:30:00.000000000"),
        ("datetime[us]", date(2026, 1, 31), "2026-01-31T00:00:00.000000"),
        ("datetime[ms]", "2026-01-31 07:30", "2026-01-31T07:30:00.000"),
        ("datetime[ms]", NAIVE, "2026-01-31T07:30:00.000"),
        ("datetime[ns, UTC]", "2026-01-31T07:30:00.1", "2026-01-31T07:30:00.100000000Z"),
        ("datetime[us, Asia/Tokyo]", "2026-01-31T07:30:00+05:30", "2026-01-31T02:00:00.000000Z"),
        ("datetime[us, Asia/Tokyo]", "2026-01-31T23:30:00-01:00", "2026-02-01T00:30:00.000000Z"),
        ("binary", "0x07D1", "07d1"),
        ("string", " a ", " a "),
    ],
)
def test_what_people_write_is_read_as_the_column_would(dtype, written, text):
    assert parse_mark(written, dtype) == Mark(dtype=dtype, text=text)


@pytest.mark.parametrize(
    ("written", "dtype", "text"),
    [
        ("2024-05-31", "datetime[us]", "2024-05-31T23:59:59.999999"),
        (" 2024-05-31 ", "datetime[ms]", "2024-05-31T23:59:59.999"),
        ("2024-05-31", "datetime[ns, Europe/Oslo]", "2024-05-31T23:59:59.999999999Z"),
        ("9999-12-31", "datetime[us]", "9999-12-31T23:59:59.999999"),
        ("2262-04-11", "datetime[ns]", "2262-04-11T23:47:16.854775807"),
        ("2024-05-31T00:00", "datetime[us]", "2024-05-31T00:00:00.000000"),
        ("2024-05-31", "date", "2024-05-31"),
        ("2024-05-31", "string", "2024-05-31"),
        ("7", "int64", "7"),
    ],
)
def test_a_day_without_a_time_at_the_end_of_a_range_means_all_of_that_day(written, dtype, text):
    assert parse_end(written, dtype) == Mark(dtype=dtype, text=text)


@pytest.mark.parametrize(
    ("dtype", "written", "reason"),
    [
        ("int8", "128", "'128' is beyond what the column can hold (-128 to 127)"),
        ("uint16", "-1", "'-1' is beyond what the column can hold (0 to 65535)"),
        ("int64", "1.5", "'1.5' has more digits than the column keeps"),
        ("int64", "soon", "'soon' is not a number such as 12"),
        ("int64", "1_000", "'1_000' is not a number such as 12"),
        ("decimal(4, 2)", "100", "'100' is beyond what the column can hold (-99.99 to 99.99)"),
        ("decimal(4, 2)", "x", "'x' is not a number such as 12.00"),
        ("date", "31.01.2026", "'31.01.2026' is not a date such as 2026-01-31"),
        ("date", "2026-02-30", "'2026-02-30' is not a date of the calendar"),
        ("date", "2026-02-03T00:00:00", "'2026-02-03T00:00:00' is not a date such as 2026-01-31"),
        ("time", "25:00", "'25:00' is no time that a clock shows"),
        ("time", "now", "'now' is not a time of day such as 07:30:00"),
        ("datetime[us]", "yesterday", "'yesterday' is not a date with a time such as 2026-01-31T07:30:00"),
        (
            "datetime[us]",
            "2026-01-31T07:30:00Z",
            "'2026-01-31T07:30:00Z' has a zone, and the column has none; write the time as the column holds it",
        ),
        (
            "datetime[ms]",
            "2026-01-31T07:30:00.1234",
            "'2026-01-31T07:30:00.1234' has more digits than the column keeps",
        ),
        ("datetime[us, UTC]", "2026-01-31T07:30:00+25:00", "'+25:00' is no offset from UTC"),
        ("datetime[ns]", "2300-01-01", f"'2300-01-01' is beyond what the column can hold ({NS_ENDS})"),
        ("binary", "0xg", "'0xg' is not binary written in hexadecimal digits, such as 0x00000000000007d1"),
        (
            "float64",
            "1",
            "a column of float64 cannot be a watermark: floats are rounded, so a bound may miss the rows at it",
        ),
        ("boolean", "true", "a column of boolean cannot be a watermark: it has only two values"),
        (
            "list[int64]",
            "1",
            "a column of list[int64] cannot be a watermark: it has no order that a source and hygge agree on",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(dtype, written, reason):
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        parse_mark(written, dtype)


@pytest.mark.parametrize("days", [-800_000, 3_000_000])
def test_a_date_outside_of_the_years_1_to_9999_is_refused(days):
    with pytest.raises(ValueError, match=f"the date {days:,} days from 1970 lies outside of the years 1 to 9999"):
        mark_of(physical(days, pl.Date))
    with pytest.raises(ValueError, match="outside of the years 1 to 9999"):
        mark_of(physical(days * 86_400_000, pl.Datetime("ms")))


@pytest.mark.parametrize(
    ("dtype", "text", "lag", "low"),
    [
        ("int64", "10", 3, "7"),
        ("uint8", "2", 3, "0"),
        ("int8", "-127", 3, "-128"),
        ("decimal(10, 2)", "1.50", 1, "0.50"),
        ("date", "2026-01-31", timedelta(minutes=15), "2026-01-30"),
        ("date", "2026-01-31", timedelta(days=2), "2026-01-29"),
        ("date", "0001-01-01", timedelta(days=2), "0001-01-01"),
        ("time", "00:10:00.000000000", timedelta(minutes=15), "00:00:00.000000000"),
        ("datetime[ms]", "2026-01-31T07:30:00.000", timedelta(microseconds=1), "2026-01-31T07:29:59.999"),
        (
            "datetime[ns, UTC]",
            "2026-01-31T00:00:00.000000001Z",
            timedelta(minutes=15),
            "2026-01-30T23:45:00.000000001Z",
        ),
    ],
)
def test_a_lag_goes_back_and_never_too_little_or_below_the_dtype(dtype, text, lag, low):
    assert minus(Mark(dtype=dtype, text=text), lag) == Mark(dtype=dtype, text=low)


@pytest.mark.parametrize(
    ("dtype", "lag", "reason"),
    [
        ("int64", timedelta(1), "the lag of a column of int64 must be a number"),
        ("date", 1, 'the lag of a column of date must be a span of time such as "15m"'),
        ("datetime[us]", 1, 'the lag of a column of datetime[us] must be a span of time such as "15m"'),
        ("binary", 1, "a lag means nothing to a column of binary"),
        ("string", timedelta(1), "a lag means nothing to a column of string"),
    ],
)
def test_a_lag_of_the_wrong_kind_is_refused(dtype, lag, reason):
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        lag_steps(dtype, lag)


@given(VALUES, st.integers(0, 10**6))
def test_a_lag_never_goes_forward(series, lag):
    mark = mark_of(series)
    if kind_of(mark.dtype).steps is None:
        return
    clock = series.dtype.is_temporal()
    low = minus(mark, timedelta(seconds=lag) if clock else lag)
    assert ordinal_of(low) <= ordinal_of(mark)
    assert low.dtype == mark.dtype


@pytest.mark.parametrize(
    ("old", "text", "new", "expected"),
    [
        ("int32", "7", "int64", "7"),
        ("int64", "7", "uint8", "7"),
        ("int64", "7", "decimal(10, 2)", "7.00"),
        ("decimal(10, 2)", "7.10", "decimal(38, 4)", "7.1000"),
        ("datetime[us]", "2026-01-31T07:30:00.000001", "datetime[ns]", "2026-01-31T07:30:00.000001000"),
        ("datetime[us, UTC]", "2026-01-31T07:30:00.000001Z", "datetime[us, Asia/Tokyo]", "2026-01-31T07:30:00.000001Z"),
    ],
)
def test_a_mark_follows_its_column_to_a_wider_dtype(old, text, new, expected):
    assert retyped(Mark(dtype=old, text=text), new) == Mark(dtype=new, text=expected)


@pytest.mark.parametrize(
    ("old", "text", "new", "reason"),
    [
        ("int64", "300", "uint8", "beyond what the column can hold"),
        ("int64", "7", "string", "the column was int64 and is string"),
        ("decimal(10, 2)", "7.10", "int64", "more digits than the column keeps"),
        ("date", "2026-01-31", "datetime[us]", r"the column was date and is datetime\[us\]"),
        ("datetime[us]", "2026-01-31T07:30:00.000001", "datetime[ms]", "more digits than the column keeps"),
        ("datetime[us]", "2026-01-31T07:30:00.000001", "datetime[us, UTC]", r"is datetime\[us, UTC\]"),
    ],
)
def test_a_mark_that_would_be_another_value_is_not_carried_over(old, text, new, reason):
    with pytest.raises(ValueError, match=reason):
        retyped(Mark(dtype=old, text=text), new)
