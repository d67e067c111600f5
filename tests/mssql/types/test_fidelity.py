"""Every value of every type comes out as it was put in: both engines, both drivers, through Parquet and back."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import polars as pl
import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_home_mssql.types import Options, typed


EXACT = Options()
NAIVE = datetime(1, 1, 1)
LATIN = "COLLATE Latin1_General_100_CI_AS"


@frozen
class Kind:
    """Values of a type: drawn, written for the server, and as they must come out."""

    values: st.SearchStrategy
    write: object = str
    expect: object = staticmethod(lambda value: value)
    declared: str = ""


def integers(low, high):
    return Kind(st.integers(low, high) | st.sampled_from([low, high, 0]))


def decimals(precision, scale, **more):
    most = 10**precision - 1
    numbers = st.integers(-most, most) | st.sampled_from([most, -most, 0, 1, -1])
    return Kind(numbers.map(lambda number: scaled(number, scale)), lambda value: format(value, "f"), **more)


def scaled(number, scale):
    """Put the point in, without Decimal's own rounding."""
    sign, digits = ("-" if number < 0 else ""), f"{abs(number):0{scale + 1}}"
    return Decimal(sign + (f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits))


def money(most):
    return Kind(
        (st.integers(-most - 1, most) | st.sampled_from([most, -most - 1])).map(lambda number: scaled(number, 4))
    )


def moments(digits, first=1):
    """Moments with so many digits of a second: exact for Python up to six."""
    step = 10 ** (6 - digits)
    low, high = (
        NAIVE.replace(year=first),
        NAIVE.replace(year=9999, month=12, day=31, hour=23, minute=59, second=59, microsecond=999_999),
    )
    drawn = (st.datetimes(low, high) | st.sampled_from([low, high])).map(
        lambda value: value.replace(microsecond=value.microsecond // step * step)
    )
    return Kind(drawn, lambda value: value.isoformat("T", "microseconds")[: 20 + digits].rstrip("."))


def texts(alphabet, length):
    return st.text(alphabet, max_size=length).filter(lambda value: len(value.encode("utf-16-le")) <= length * 2)


def instants():
    zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    return st.datetimes(NAIVE.replace(year=2), NAIVE.replace(year=9998), timezones=zones)


def tick_of_datetime(parts):
    """Show a stored datetime, which is counted in 1/300 s, as its milliseconds."""
    day, tick = parts
    return NAIVE.replace(year=1753) + timedelta(days=day, milliseconds=(tick * 10 + 1) // 3)


LETTERS = st.characters(codec="cp1252", exclude_categories=["Cs"])
REPLACEMENT = "\ufffd"  # stops the Arrow engine: see test_columns
ALL = st.characters(exclude_categories=["Cs"], exclude_characters=REPLACEMENT)
BMP = st.characters(exclude_categories=["Cs"], exclude_characters=REPLACEMENT, max_codepoint=0xFFFF)
TICKS = st.integers(0, 86_400 * 10**7 - 1)

KINDS = {
    "bit": Kind(st.booleans(), int),
    "tinyint": integers(0, 255),
    "smallint": integers(-(2**15), 2**15 - 1),
    "int": integers(-(2**31), 2**31 - 1),
    "bigint": integers(-(2**63), 2**63 - 1),
    "decimal(38, 0)": decimals(38, 0),
    "decimal(38, 10)": decimals(38, 10),
    "decimal(38, 38)": decimals(38, 38),
    "decimal(5, 2)": decimals(5, 2),
    "numeric(18, 18)": decimals(18, 18),
    "money": money(2**63 - 1),
    "smallmoney": money(2**31 - 1),
    "real": Kind(
        st.floats(width=32, allow_nan=False, allow_infinity=False, allow_subnormal=False).map(
            lambda value: value or 0.0
        ),
        float,
    ),
    "float": Kind(
        st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False).map(lambda value: value or 0.0), float
    ),
    "date": Kind(st.dates() | st.sampled_from([date.min, date.max]), date.isoformat),
    "time(0)": Kind(st.times().map(lambda value: value.replace(microsecond=0)), time.isoformat),
    "time(6)": Kind(st.times(), lambda value: value.isoformat("microseconds")),
    "datetime": Kind(
        st.tuples(st.integers(0, 3_012_152), st.integers(0, 86_400 * 300 - 1)).map(tick_of_datetime),
        lambda value: value.isoformat("T", "milliseconds"),
    ),
    "smalldatetime": Kind(
        st.integers(0, 65_535 * 1440 + 1439).map(lambda minute: NAIVE.replace(year=1900) + timedelta(minutes=minute)),
        lambda value: value.isoformat("T", "seconds"),
    ),
    "datetime2(0)": moments(0),
    "datetime2(3)": moments(3),
    "datetime2(6)": moments(6),
    "datetime2(7)": moments(6),
    "datetimeoffset(6)": Kind(instants(), lambda value: value.isoformat(" "), lambda value: value.astimezone(UTC)),
    "datetimeoffset(7)": Kind(instants(), lambda value: value.isoformat(" "), lambda value: value.astimezone(UTC)),
    "char(8)": Kind(texts(LETTERS, 8), str, lambda value: value.ljust(8), f"char(8) {LATIN}"),
    "varchar(20)": Kind(texts(LETTERS, 20), declared=f"varchar(20) {LATIN}"),
    "varchar(max)": Kind(texts(LETTERS, 20) | st.just("ß" * 9000), declared=f"varchar(max) {LATIN}"),
    "nchar(8)": Kind(texts(BMP, 8), str, lambda value: value.ljust(8)),
    "nvarchar(20)": Kind(texts(ALL, 20)),
    "nvarchar(max)": Kind(texts(ALL, 20) | st.just("😀" * 5000)),
    "binary(4)": Kind(st.binary(max_size=4), bytes, lambda value: value.ljust(4, b"\0")),
    "varbinary(20)": Kind(st.binary(max_size=20), bytes),
    "varbinary(max)": Kind(st.binary(max_size=20) | st.just(b"\xff\0" * 9000), bytes),
    "uniqueidentifier": Kind(st.uuids(), str, lambda value: str(value).upper()),
    "xml": Kind(
        st.text(st.sampled_from("abcéß漢😀"), min_size=1, max_size=9),
        lambda value: f"<a>{value}</a>",
        lambda value: f"<a>{value}</a>",
    ),
}


@pytest.fixture(scope="module")
def filled(place):
    """Fill a table of one column anew, made once for each type."""
    names = {}

    def fill(written, values):
        if written not in names:
            names[written] = place.name("kind")
            place.execute(f"CREATE TABLE {names[written]} (i int NOT NULL, a {written} NULL)")
        table = names[written]
        place.execute(f"DELETE FROM {table}")
        plain = written.partition(" COLLATE")[0]
        rows = ", ".join(f"({at}, CAST(? AS {plain}))" for at in range(len(values)))
        if values:
            place.execute(f"INSERT INTO {table} (i, a) VALUES {rows}", *values)
        return table

    return fill


def through_parquet(frame):
    file = io.BytesIO()
    frame.write_parquet(file)
    file.seek(0)
    return pl.read_parquet(file)


@pytest.mark.parametrize("written", KINDS)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_value_of_every_type_comes_back_exactly(reads, filled, written, data):
    comes_back(reads, filled, written, data)


@pytest.mark.slow
@pytest.mark.parametrize("written", KINDS)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_very_many_values_of_every_type_come_back_exactly(reads, filled, written, data):
    comes_back(reads, filled, written, data)


def comes_back(reads, filled, written, data):
    kind = KINDS[written]
    values = data.draw(st.lists(kind.values | st.none(), min_size=5, max_size=30))
    table = filled(kind.declared or written, [value if value is None else kind.write(value) for value in values])
    expected = [value if value is None else kind.expect(value) for value in values]
    column = typed("a", written)
    for way, frame in reads(table, [column], EXACT):
        assert frame["a"].to_list() == expected, way
        assert through_parquet(frame).equals(frame), way
        assert through_parquet(frame).schema == frame.schema, way
