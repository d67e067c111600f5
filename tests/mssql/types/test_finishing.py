"""Texts of moments become moments, every digit, or an error that names column and value."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core import HomeError
from hygge_home_mssql.types import Options, finished, typed


TICKS = 10_000_000
DAYS = date(9999, 12, 31).toordinal()
FIRST = date(1970, 1, 1).toordinal()
LEAST_NS, MOST_NS = datetime(1677, 9, 22, tzinfo=UTC), datetime(2262, 4, 11, tzinfo=UTC)

moments = st.integers(0, DAYS * 86_400 * TICKS - 1)
scales = st.integers(0, 7)


def written(ticks, scale=7):
    """Write ticks of 100 ns since the year 1 as the server writes a datetime2 with style 121."""
    seconds, rest = divmod(ticks, TICKS)
    days, second = divmod(seconds, 86_400)
    text = f"{date.fromordinal(days + 1).isoformat()} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return text + (f".{rest:07}"[: scale + 1] if scale else "")


def one(text, kind, **options):
    frame = pl.DataFrame({"a": [None, text]}, schema={"a": pl.String})
    return finished(frame, [typed("a", kind)], Options(**options))["a"]


@given(ticks=moments, scale=scales)
def test_moments_of_every_scale_come_back(ticks, scale):
    step = 10 ** (7 - min(scale, 6))
    ticks = ticks // step * step
    got = one(written(ticks, scale), "datetime2(7)").to_list()
    assert got == [None, datetime(1, 1, 1) + timedelta(microseconds=ticks // 10)]


@given(ticks=moments, scale=scales, minutes=st.integers(-14 * 60, 14 * 60))
def test_instants_mean_the_same_moment_whatever_their_offset(ticks, scale, minutes):
    step = 10 ** (7 - min(scale, 6))
    local = ticks // step * step
    utc = local - minutes * 60 * TICKS
    if not 0 <= utc < DAYS * 86_400 * TICKS:
        return
    offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    got = one(f"{written(local, scale)} {offset}", "datetimeoffset").to_list()
    assert got == [None, datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=utc // 10)]


@given(ticks=moments)
def test_the_seventh_digit_is_kept_as_nanoseconds_or_refused(ticks):
    moment = datetime(1, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
    if not LEAST_NS <= moment < MOST_NS:
        return
    got = one(written(ticks), "datetime2", on_100ns="ns")
    assert got.dtype == pl.Datetime("ns")
    assert got.to_physical()[1] == (ticks - (FIRST - 1) * 86_400 * TICKS) * 100


@given(ticks=moments)
def test_a_moment_is_either_exact_or_an_error(ticks):
    try:
        got = one(written(ticks), "datetime2").to_physical()[1]
    except HomeError:
        assert ticks % 10
    else:
        assert got * 10 == ticks - (FIRST - 1) * 86_400 * TICKS


@given(ticks=st.integers(0, 86_400 * TICKS - 1), scale=scales)
def test_times_keep_every_digit(ticks, scale):
    step = 10 ** (7 - scale)
    ticks = ticks // step * step
    got = one(written(ticks, scale)[11:], f"time({scale})")
    assert got.dtype == pl.Time
    assert got.to_physical().to_list() == [None, ticks * 100]


@given(number=st.integers(0, 2**64 - 1))
def test_row_versions_are_numbers_by_choice(number):
    frame = pl.DataFrame({"a": [number.to_bytes(8, "big"), None]}, schema={"a": pl.Binary})
    for profile, dtype in (("exact", pl.UInt64()), ("fabric", pl.Decimal(20, 0))):
        options = Options(rowversion="uint64", profile=profile)
        got = finished(frame, [typed("a", "rowversion")], options)["a"]
        assert got.dtype == dtype
        assert got.to_list() == [number, None]


@pytest.mark.parametrize("kind", ["datetime2", "datetimeoffset"])
def test_a_seventh_digit_names_column_value_and_the_choices(kind):
    text = "2026-01-31 10:00:00.1234567" + (" +02:00" if kind == "datetimeoffset" else "")
    with pytest.raises(HomeError) as refused:
        one(text, kind)
    assert "column 'a' holds 2026-01-31 10:00:00.1234567" in refused.value.what
    assert 'on_100ns = "ns", "text" or "truncate"' in refused.value.fix


@pytest.mark.parametrize("text", ["9999-12-31 23:59:59.9999999", "1600-01-01 00:00:00.0000000"])
def test_years_that_nanoseconds_cannot_hold_are_refused_and_not_wrapped(text):
    with pytest.raises(HomeError, match=f"holds {text}, and nanoseconds hold the years 1677 to 2262"):
        one(text, "datetime2", on_100ns="ns")


def test_truncation_is_done_when_it_was_asked_for():
    got = one("9999-12-31 23:59:59.9999999 +00:00", "datetimeoffset", on_100ns="truncate")
    assert got.to_list() == [None, datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)]


def test_texts_stay_as_the_server_wrote_them():
    text = "2026-01-31 10:00:00.1234567 +02:00"
    assert one(text, "datetimeoffset", datetimeoffset="text").to_list() == [None, text]


def test_moments_without_a_zone_are_told_to_fabric_as_utc():
    frame = pl.DataFrame({"a": [datetime(2026, 1, 31, 10), None]}, schema={"a": pl.Datetime("us")})
    got = finished(frame, [typed("a", "datetime")], Options(profile="fabric"))["a"]
    assert got.to_list() == [datetime(2026, 1, 31, 10, tzinfo=UTC), None]


def test_columns_without_rows_get_their_dtype():
    frame = pl.DataFrame(schema={"a": pl.String, "b": pl.String, "c": pl.Binary})
    columns = [typed("a", "datetimeoffset"), typed("b", "time"), typed("c", "rowversion")]
    schema = finished(frame, columns, Options(rowversion="uint64")).schema
    assert schema == {"a": pl.Datetime("us", "UTC"), "b": pl.Time, "c": pl.UInt64}
