"""Constants and timestamps: the same in every row, and never other than written."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

import polars as pl
import pytest

from hygge_core.polish import Polish
from hygge_core.polish.config import ConstantConfig, PolishConfig, TimestampConfig
from hygge_core.polish.refusal import PolishError


NOW = datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=timezone(timedelta(hours=5)))
FRAME = pl.DataFrame({"a": [1, 2, 3]})


def _column(*, now=NOW, **config):
    polish = Polish.compile(PolishConfig(**config), FRAME.schema, now=now)
    polished = polish.apply(FRAME)
    assert polished.schema == polish.schema
    assert polished["x"].n_unique() == 1
    assert polished.columns == ["a", "x"]
    return polished["x"].dtype, polished["x"][0]


def _constant(value, as_type=None):
    return _column(constants=(ConstantConfig(name="x", value=value, type=as_type),))


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        ("erp", pl.String),
        ("", pl.String),
        (7, pl.Int64),
        (-1.5, pl.Float64),
        (True, pl.Boolean),
        (date(2026, 1, 2), pl.Date),
        (time(1, 2, 3), pl.Time),
        (datetime(2026, 1, 2, 3), pl.Datetime("us")),  # noqa: DTZ001 - a TOML local date-time has no zone
    ],
)
def test_a_constant_keeps_its_value_and_has_the_dtype_of_its_kind(value, dtype):
    assert _constant(value) == (dtype, value)


def test_a_constant_with_an_offset_is_the_same_moment_in_utc():
    assert _constant(NOW) == (pl.Datetime("us", "UTC"), NOW)


@pytest.mark.parametrize(
    ("value", "as_type", "dtype"),
    [
        (7, "int8", pl.Int8),
        (7, "Float64", pl.Float64),
        (7, "string", pl.String),
        (2.5, "decimal(10, 2)", pl.Decimal(10, 2)),
        ("a", 'enum["a", "b"]', pl.Enum(["a", "b"])),
        (date(2026, 1, 2), "datetime[us]", pl.Datetime("us")),
    ],
)
def test_a_constant_takes_the_type_asked_for(value, as_type, dtype):
    assert _constant(value, as_type)[0] == dtype


@pytest.mark.parametrize(
    ("value", "as_type"),
    [
        (2.7, "int32"),
        (300, "int8"),
        (-1, "uint8"),
        (2**60 + 1, "float64"),
        (2.555, "decimal(10, 2)"),
        ("b", 'enum["a"]'),
        ("x", "int64"),
        ("05", "int64"),
        (5, "list[int8]"),
    ],
)
def test_a_constant_is_refused_rather_than_rounded_or_cut(value, as_type):
    message = f"polish.constants['x']: the value {value!r} cannot be of type {as_type} as it is"

    with pytest.raises(PolishError, match=re.escape(message)):
        _constant(value, as_type)


def test_an_unknown_type_is_refused_with_an_example():
    with pytest.raises(PolishError, match=r"polish\.constants\['x'\]: 'integer' is not a dtype.*write a dtype such as"):
        _constant(1, "integer")


def test_now_utc_is_the_moment_of_the_run_in_utc():
    dtype, value = _column(timestamps=(TimestampConfig(name="x"),))

    assert (dtype, value) == (pl.Datetime("us", "UTC"), NOW)


def test_now_local_is_the_wall_clock_of_this_machine():
    dtype, value = _column(timestamps=(TimestampConfig(name="x", source="now_local"),))

    assert (dtype, value) == (pl.Datetime("us"), NOW.astimezone().replace(tzinfo=None))


@pytest.mark.parametrize(
    ("source", "text_format", "expected"),
    [
        ("now_utc", None, "2026-01-01T22:04:05.678900+00:00"),
        ("now_utc", "%Y%m%d %H", "20260101 22"),
        ("now_local", None, NOW.astimezone().isoformat(timespec="microseconds")),
        ("now_local", "%H:%M", NOW.astimezone().strftime("%H:%M")),
    ],
)
def test_a_timestamp_as_text_follows_its_format(source, text_format, expected):
    stamp = TimestampConfig(name="x", source=source, type="string", format=text_format)

    assert _column(timestamps=(stamp,)) == (pl.String, expected)


def test_whole_seconds_keep_their_microseconds_in_text():
    stamp = TimestampConfig(name="x", type="string")

    assert _column(timestamps=(stamp,), now=datetime(2026, 1, 2, tzinfo=UTC))[1] == "2026-01-02T00:00:00.000000+00:00"


def test_a_format_that_would_mean_nothing_is_refused():
    with pytest.raises(PolishError, match=r"polish\.timestamps\['x'\]: a datetime column has no format"):
        _column(timestamps=(TimestampConfig(name="x", format="%Y"),))


def test_a_moment_without_a_zone_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="must know its zone"):
        _column(timestamps=(TimestampConfig(name="x"),), now=NOW.replace(tzinfo=None))
