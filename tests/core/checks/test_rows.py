"""Checks of rows: unique, not_null and fresh."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core import key_hash
from hygge_core.checks.config import Fresh

from .conftest import NOW, evidence, refusal


def test_duplicate_keys_are_named_with_their_rows():
    frame = pl.DataFrame({"id": [1, 2, 2, 3, 3, 3]})
    assert refusal(evidence(frame), unique=("id",)) == (
        "refused by its check: unique: these keys come more than once: id = 2 (2 rows), id = 3 (3 rows)"
    )


def test_of_many_duplicate_keys_a_few_are_named_and_all_are_counted():
    frame = pl.DataFrame({"id": [*range(2000), *range(1500)], "line": 1})
    assert refusal(evidence(frame), unique=("id", "line")).endswith(
        "unique: 1,500 keys come more than once, such as "
        "id = 0, line = 1 (2 rows), id = 1, line = 1 (2 rows), id = 2, line = 1 (2 rows)"
    )


def test_null_is_a_value_like_any_other_in_a_key():
    frame = pl.DataFrame({"id": [None, None, 1], "line": [1, 1, None]})
    assert "id = null, line = 1 (2 rows)" in refusal(evidence(frame), unique=("id", "line"))


@given(st.lists(st.tuples(st.integers(0, 9) | st.none(), st.sampled_from(["a", "b", None])), max_size=40))
def test_unique_finds_exactly_the_keys_that_come_again_however_small_its_portions(rows):
    frame = pl.DataFrame(rows, schema={"id": pl.Int64, "line": pl.String}, orient="row")
    repeated = sum(count > 1 for count in Counter(rows).values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_hash, "KEYS_AT_ONCE", 7)
        told = refusal(evidence(frame), unique=("id", "line"))
    assert bool(told) == bool(repeated)
    assert told.count(" rows)") == min(repeated, 3)
    if repeated > 3:
        assert f"unique: {repeated} keys come more than once" in told


def test_keys_of_any_dtype_are_told_exactly():
    frame = pl.DataFrame(
        {
            "d": [Decimal("1.50")] * 2,
            "t": pl.Series([1_700_000_000_123_456_789] * 2).cast(pl.Datetime("ns", "UTC")),
            "b": [b"\x00\xff"] * 2,
            "s": ['a "quoted" text that is much longer than anybody would like to read in one line'] * 2,
            "c": pl.Series(["x"] * 2, dtype=pl.Categorical),
            "l": [[1, 2]] * 2,
        }
    )
    assert refusal(evidence(frame), unique=tuple(frame.columns)).endswith(
        "d = 1.50, t = 2023-11-14 22:13:20.123456789+00:00, b = 0x00ff, "
        's = "a \\"quoted\\" text that is much longer than anybody would..., c = "x", l = [1, 2] (2 rows)'
    )


def test_nulls_are_counted_for_each_column_with_the_key_of_a_row():
    frame = pl.DataFrame({"id": [1, 2, 3], "name": [None, "b", None], "price": [1, None, 2], "size": 1})
    assert refusal(evidence(frame, key=("id",)), not_null=("name", "price", "size")) == (
        "refused by 2 of its checks: "
        "not_null: 2 rows have no value in 'name', such as the row id = 1; "
        "not_null: 1 row has no value in 'price', such as the row id = 2"
    )


def test_nulls_in_the_key_itself_or_without_a_key_are_counted_all_the_same():
    frame = pl.DataFrame({"id": [1, None]})
    for key in ((), ("id",)):
        assert refusal(evidence(frame, key=key), not_null=("id",)).endswith("1 row has no value in 'id'")


def fresh_of(values, *, staying=None, within=timedelta(days=1), dtype=None):
    frame = pl.DataFrame({"at": pl.Series(values, dtype=dtype)})
    seen = evidence(frame, staying=None if staying is None else lambda: pl.LazyFrame(staying))
    return refusal(seen, fresh=Fresh(column="at", within=within))


def test_a_newest_value_within_bounds_is_fresh_and_an_older_one_is_not():
    edge = NOW.replace(tzinfo=None) - timedelta(days=1)
    assert not fresh_of([edge - timedelta(days=9), edge, None])
    assert fresh_of([edge - timedelta(microseconds=1), None]) == (
        "refused by its check: fresh: the newest 'at' is 2026-11-19 11:59:59.999999, 1 day, 0:00:00.000001 "
        "before the run began; at most 1 day, 0:00:00 is allowed"
    )


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_a_zoned_timestamp_is_compared_as_the_moment_that_it_is(unit):
    zoned = pl.Datetime(unit, "Pacific/Auckland")
    assert not fresh_of([NOW - timedelta(hours=1)], dtype=zoned, within=timedelta(hours=1))
    assert fresh_of([NOW - timedelta(hours=2)], dtype=zoned, within=timedelta(hours=1))


def test_a_date_counts_until_the_end_of_its_day():
    assert not fresh_of([date(2026, 11, 19)], within=timedelta(hours=12))
    assert "the newest 'at' is 2026-11-19, 12:00:00 before" in fresh_of(
        [date(2026, 11, 19)], within=timedelta(hours=11)
    )
    assert not fresh_of([date(2026, 11, 25)], within=timedelta(0))


def test_rows_that_stay_in_the_table_can_be_fresh_too():
    old, new = date(2026, 11, 1), date(2026, 11, 20)
    assert fresh_of([old])
    assert not fresh_of([old], staying={"at": [new]})
    assert not fresh_of([], staying={"at": [new]}, dtype=pl.Date)
    assert "2026-11-02" in fresh_of([old], staying={"at": [date(2026, 11, 2)]})
    assert "2026-11-01" in fresh_of([old], staying={"something_else": [1]})


def test_without_any_value_nothing_is_fresh():
    told = fresh_of([None], dtype=pl.Date)
    assert told.endswith(
        "no row has a value in 'at', so nothing says how old they are; at most 1 day, 0:00:00 is allowed"
    )
