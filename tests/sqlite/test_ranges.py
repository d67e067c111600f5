"""Ranges that SQLite keeps to: never a row too few, and the highest value is the highest."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_core import HomeError
from hygge_core.home import ReadRequest
from hygge_core.mark import Mark, Range
from hygge_core.watermark.boundary import inside
from hygge_core.watermark.marks import mark_of, ordinal_of


INTEGERS = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)
NEAR = st.builds(
    lambda day, minute, second, micro: datetime(2026, 1, 1) + timedelta(day, second, micro, minutes=minute),  # noqa: DTZ001
    st.integers(0, 2),
    st.integers(0, 2),
    st.sampled_from([0, 1, 59]),
    st.sampled_from([0, 1, 500_000]),
)
DAYS = st.dates() | st.dates(datetime(2026, 1, 1).date(), datetime(2026, 1, 3).date())  # noqa: DTZ001
SEPARATORS = st.sampled_from([" ", "T"])


def short(value):
    """Write a moment without the seconds where they are nothing."""
    return value.removesuffix(":00")


MOMENT_TEXTS = st.builds(lambda value, sep: short(value.isoformat(sep)), NEAR, SEPARATORS)
ZONED_TEXTS = st.builds(
    lambda value, sep, hours: f"{value.isoformat(sep)}{hours:+03}:00", NEAR, SEPARATORS, st.integers(-12, 14)
)
TEXTS = st.text(st.sampled_from("aAbßé😀\0\uffff") | st.characters(exclude_categories=["Cs"]), max_size=4)
WRITTEN = {
    "integers": ("BIGINT", {}, INTEGERS),
    "a decimal column": ("DECIMAL(15, 2)", {}, st.integers(-500, 500).map(lambda cents: cents / 100)),
    "large decimals": ("DECIMAL(38, 0)", {}, INTEGERS),
    "days": ("DATE", {}, DAYS.map(lambda day: day.isoformat())),
    "moments in several shapes": ("DATETIME", {}, MOMENT_TEXTS),
    "moments in a column of text": ("VARCHAR(30)", {"a": "datetime[ns]"}, MOMENT_TEXTS),
    "moments with offsets": ("TIMESTAMPTZ", {}, ZONED_TEXTS),
    "times": ("TIME", {}, NEAR.map(lambda value: value.time().isoformat())),
    "texts": ("TEXT COLLATE NOCASE", {}, TEXTS),
    "bytes": ("BLOB", {}, st.binary(max_size=3)),
    "numbers as texts": ("TEXT", {"a": "int64"}, st.integers(-120, 120).map(str)),
    "texts and numbers as text": ("", {"a": "text"}, st.integers(-20, 20) | TEXTS),
}
QUICK = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def fill(path, declared, values, index):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # no test is about power that fails
        connection.execute("DROP TABLE IF EXISTS t")
        connection.execute(f"CREATE TABLE t (a {declared}, n INTEGER)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [(value, at) for at, value in enumerate(values)])
        if index:
            connection.execute("CREATE INDEX i ON t (a)")
        connection.commit()


@pytest.mark.parametrize("kind", WRITTEN)
@QUICK
@given(data=st.data())
def test_no_row_of_the_range_is_missed_and_the_highest_value_is_exact(tmp_path, open_home, kind, data):
    declared, columns, strategy = WRITTEN[kind]
    nulls, index = data.draw(st.booleans()), data.draw(st.booleans())
    values = data.draw(st.lists(strategy | st.none(), min_size=1, max_size=12))
    fill(tmp_path / "shop.db", declared, values, index)
    home = open_home(columns=columns)
    everything = ReadRequest(entity="t", range=Range(column="a", nulls=True))
    reading = home.read(everything)
    whole = pl.concat([reading.schema.to_frame(), *reading.batches()])
    assert whole.height == len(values)
    marks = [mark for value in whole["a"] if (mark := mark_of(pl.Series([value], dtype=whole.schema["a"])))]
    assert reading.high() == max(marks, key=ordinal_of, default=None)
    assert reading.has_nulls() == (None in values)
    reading.close()
    ends = st.sampled_from([None, *marks])
    wanted = Range(column="a", low=data.draw(ends), high=data.draw(ends), nulls=nulls)
    reading = home.read(ReadRequest(entity="t", range=wanted))
    found = pl.concat([reading.schema.to_frame(), *reading.batches()])
    reading.close()
    assert home.count(ReadRequest(entity="t", range=wanted)) == found.height
    exact = whole.filter(inside(wanted))["n"].sort().to_list()
    assert found.filter(inside(wanted))["n"].sort().to_list() == exact


@pytest.mark.parametrize(
    "case",
    [
        ("INT", [1, 2, 3, None], Mark(dtype="int64", text="2"), 2),
        ("INT", [1, 2, 3], Mark(dtype="int128", text=str(2**70)), 3),
        ("DECIMAL(9, 1)", [0.5, 0.6, 7], Mark(dtype="decimal(9, 1)", text="0.6"), 2),
        ("DATE", ["2026-01-01", "2026-01-02"], Mark(dtype="date", text="2026-01-02"), 1),
        (
            "DATETIME",
            ["2026-01-01 10:00", "2026-01-01T10:01", "2026-01-01 10:02:03.5", "2026-01-02T09:00"],
            Mark(dtype="datetime[us]", text="2026-01-01T10:01:59.000000"),
            3,
        ),
        ("TEXT", ["a", "b"], Mark(dtype="string", text="b"), 1),
        ("BLOB", [b"a", b"b"], Mark(dtype="binary", text="62"), 1),
        ("INT", [1, 2], Mark(dtype="date", text="2026-01-02"), 2),
    ],
)
def test_sqlite_itself_leaves_out_what_it_can(make, open_home, case):
    declared, values, low, kept = case
    make(f"CREATE TABLE t (a {declared})", rows=[("INSERT INTO t VALUES (?)", [(value,) for value in values])])
    for high in (None, low):
        request = ReadRequest(entity="t", range=Range(column="a", low=low, high=high))
        assert (open_home().count(request) <= kept) if high else (open_home().count(request) == kept)


def test_a_range_is_not_left_to_an_order_that_is_not_the_columns(make, open_home):
    make("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('9'), ('10')")
    request = ReadRequest(entity="t", range=Range(column="a", low=Mark(dtype="int64", text="10")))
    assert open_home(columns={"a": "int64"}).count(request) == 2


@pytest.mark.parametrize("odd", ["20.12.2025 10:00", 1767225600, "2026-01-15 9:05", "2026/06/01 10:00", b"x"])
def test_a_moment_in_another_shape_is_never_passed_over(make, open_home, odd):
    rows = [("1999-01-01 10:00",), ("2026-06-01 10:00",), (odd,)]
    make("CREATE TABLE t (a DATETIME)", rows=[("INSERT INTO t VALUES (?)", rows)])
    low = Mark(dtype="datetime[us]", text="2026-03-01T00:00:00.000000")
    reading = open_home().read(ReadRequest(entity="t", range=Range(column="a", low=low)))
    for look in (reading.high, lambda: list(reading.batches())):
        with pytest.raises(HomeError, match="column 'a': rowid 3 holds"):
            look()
    reading.close()


def test_a_moment_that_no_clock_shows_is_not_the_highest(make, read):
    make("CREATE TABLE t (a DATETIME); INSERT INTO t VALUES ('2026-06-01 10:00'), ('2026-06-01 99:00')")
    reading = read(request=ReadRequest(entity="t", range=Range(column="a")))
    with pytest.raises(HomeError, match="rowid 2 holds '2026-06-01 99:00'"):
        reading.high()


def test_texts_of_a_utf_16_database_are_compared_by_the_engine(make, open_home):
    make("PRAGMA encoding = 'UTF-16'; CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('\uffff'), ('😀')")
    request = ReadRequest(entity="t", range=Range(column="a", low=Mark(dtype="string", text="😀")))
    assert open_home().count(request) == 2
    reading = open_home().read(request)
    assert reading.high() == Mark(dtype="string", text="😀")
    reading.close()


def test_texts_are_compared_by_their_bytes_whatever_the_collation_of_their_column(make, open_home):
    make("CREATE TABLE t (a TEXT COLLATE NOCASE); CREATE INDEX i ON t (a); INSERT INTO t VALUES ('a'), ('B')")
    request = ReadRequest(entity="t", range=Range(column="a", low=Mark(dtype="string", text="B")))
    assert open_home().count(request) == 2
    reading = open_home().read(request)
    assert reading.high() == Mark(dtype="string", text="a")
    reading.close()


@pytest.mark.parametrize("value", [2**53 + 1, 2**53 + 3, 2**63 - 1, -(2**63) + 1])
def test_bounds_of_decimals_that_a_float_would_round_lose_no_row(make, open_home, value):
    make("CREATE TABLE t (a DECIMAL(38, 2))", rows=[("INSERT INTO t VALUES (?)", [(value,)])])
    mark = Mark(dtype="decimal(38, 2)", text=f"{value}.00")
    assert open_home().count(ReadRequest(entity="t", range=Range(column="a", low=mark, high=mark))) == 1


def test_ranges_reach_through_views_queries_and_row_ids(make, open_home):
    make("CREATE TABLE t (a INT); INSERT INTO t VALUES (5), (6), (7); CREATE VIEW v AS SELECT * FROM t")
    six = Mark(dtype="int64", text="6")
    request = ReadRequest(entity="v", range=Range(column="a", low=six))
    assert open_home().count(request) == 2
    assert open_home(query="SELECT a FROM t WHERE a <> 7").count(request) == 1
    by_row = ReadRequest(entity="t", range=Range(column="id", low=Mark(dtype="int64", text="3")))
    home = open_home(row_id="id")
    assert home.count(by_row) == 1
    reading = home.read(by_row)
    assert reading.high() == Mark(dtype="int64", text="3")
    reading.close()


def test_parts_keep_to_the_range_as_well(make, open_home):
    make("CREATE TABLE t (a INT)", rows=[("INSERT INTO t VALUES (?)", [(at % 5,) for at in range(50)])])
    home = open_home()
    request = ReadRequest(entity="t", range=Range(column="a", low=Mark(dtype="int64", text="3")))
    assert sum(home.count(part) for part in home.split(request, 4)) == 20


def test_a_range_on_a_column_that_is_not_there_is_left_to_the_engine(make, read):
    make("CREATE TABLE t (a INT); INSERT INTO t VALUES (1)")
    reading = read(request=ReadRequest(entity="t", range=Range(column="b")))
    assert [batch.height for batch in reading.batches()] == [1]
    with pytest.raises(ValueError, match="without a range"):
        reading.high()


def test_a_range_needs_only_its_own_column(make, read):
    make("CREATE TABLE t (a INT, b TEXT); INSERT INTO t VALUES (1, 'x'), (2, 'y')")
    low = Mark(dtype="int64", text="2")
    reading = read(request=ReadRequest(entity="t", columns=("b",), range=Range(column="a", low=low)))
    assert [batch.to_dict(as_series=False) for batch in reading.batches()] == [{"b": ["y"]}]


def test_an_index_is_used_for_range_and_highest_value(make, read):
    """A table of many rows answers a small range by its index: SQLite counts its steps."""
    rows = [("INSERT INTO t VALUES (?, ?)", [(at, "x" * 50) for at in range(20_000)])]
    make("CREATE TABLE t (a INT, b TEXT); CREATE INDEX i ON t (a)", rows=rows)
    reading = read(request=ReadRequest(entity="t", range=Range(column="a", low=Mark(dtype="int64", text="19998"))))
    calls = []
    reading._frames.snapshot._connection.set_progress_handler(lambda: calls.append(1), 100)
    assert [batch.height for batch in reading.batches()] == [2]
    assert reading.high() == Mark(dtype="int64", text="19999")
    assert not reading.has_nulls()
    assert len(calls) < 20, "20,000 rows would be thousands of steps"


def test_decimals_and_zones_come_back_as_marks(make, read):
    make("""CREATE TABLE t (d DECIMAL(10, 2), z TIMESTAMPTZ);
            INSERT INTO t VALUES (1.25, '2026-01-01T00:30:00+01:00'), (1.5, '2025-12-31T23:45:00Z')""")
    reading = read(request=ReadRequest(entity="t", range=Range(column="z")))
    high = reading.high()
    assert high == Mark(dtype="datetime[us, UTC]", text="2025-12-31T23:45:00.000000Z")
    assert datetime.fromisoformat(high.text).astimezone(UTC).minute == 45
    reading = read(request=ReadRequest(entity="t", range=Range(column="d")))
    assert Decimal(reading.high().text) == Decimal("1.50")
