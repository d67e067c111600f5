"""Verifying says that two tables are equal if and only if they are, whatever is in them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygge_core import Table, TableRun
from hygge_core.schema import columns_of
from hygge_core.testing import MemoryHome, MemoryPlace, MemoryStore, publish
from hygge_core.verify import Depth, buckets, verify
from hygge_core.verify.exact import different
from hygge_core.verify.expectation import DELETED, NEWER, OUTSIDE, REQUIRED
from table_runs import NONE, entity, project


IDS = st.integers(0, 5) | st.none()
LINES = st.sampled_from(["a", "b", "", None])
ROWS = st.lists(st.tuples(IDS, LINES), max_size=12)
RUN = TableRun(id="r", flow="shop", entity="teas", started=datetime(2026, 11, 20, tzinfo=UTC))


def framed(rows):
    return pl.DataFrame(rows, schema={"id": pl.Int64, "line": pl.String}, orient="row")


@given(source=ROWS, store=ROWS, same=st.booleans(), seed=st.randoms())
@settings(max_examples=150)
def test_verify_finds_exactly_whether_the_multisets_are_equal(source, store, same, seed):
    if same:
        store = seed.sample(source, len(source))
    place = MemoryPlace()
    frame = framed(store)
    table = Table(name="teas", flow="shop", columns=columns_of(frame.schema))
    publish(MemoryStore(place), table, RUN, [[frame]])
    given_entity = entity(MemoryHome({"teas": framed(source)}), MemoryStore(place))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "_KEYS_IN_A_BUCKET", 2)
        patch.setattr(buckets, "_ROWS_AT_ONCE", 3)
        depth = Depth(keys=True, key=("id", "line"), limit=100)
        (verdict,) = verify(project(), NONE, [given_entity], depth)
    wanted, there = Counter(source), Counter(store)
    assert verdict.error == "" or verdict.state == "different"
    assert (verdict.state == "equal") == (wanted == there)
    found = {kind: number for kind, number in verdict.keys.differing.items() if number}
    assert found == {
        kind: number
        for kind, number in {
            "missing": sum(there[row] < count for row, count in wanted.items()),
            "doubled": sum(count > wanted[row] > 0 for row, count in there.items()),
            "surplus": sum(wanted[row] == 0 for row in there),
        }.items()
        if number
    }


STANDINGS = st.sampled_from([REQUIRED, NEWER, OUTSIDE, DELETED])
VERSIONS = st.integers(0, 3) | st.none()


@given(
    source=st.dictionaries(st.integers(0, 6), st.tuples(VERSIONS, STANDINGS)),
    store=st.lists(st.tuples(st.integers(0, 6), VERSIONS), max_size=10),
    versions=st.booleans(),
)
def test_each_key_is_judged_as_a_plain_reading_of_the_rules_would(source, store, versions):
    wanted = [(key, version, standing) for key, (version, standing) in source.items()]
    left = pl.DataFrame(
        wanted, schema={"id": pl.Int64, buckets.VERSION: pl.Int64, buckets.STANDING: pl.Int8}, orient="row"
    )
    right = pl.DataFrame(store, schema={"id": pl.Int64, buckets.VERSION: pl.Int64}, orient="row")
    found = different(left, right, ["id"], versions=versions)
    told = dict(found.select("id", "\x00kind").iter_rows())
    expected = {key: judged(key, source, store, versions=versions) for key in {*source, *(key for key, _ in store)}}
    assert told == {key: kind for key, kind in expected.items() if kind}


def judged(key, source, store, *, versions):
    version, standing = source.get(key, (None, None))
    held = [seen for other, seen in store if other == key]
    if standing is None or standing == DELETED:
        return ("surplus" if standing is None else "deleted") if held else ""
    if standing != REQUIRED:
        many = max(Counter(held).values(), default=0) if versions else len(held)
        return "doubled" if many > 1 else ""
    if not held:
        return "missing"
    if version not in held:
        newest = max((seen for seen in held if seen is not None), default=None)
        behind = newest is None or (version is not None and newest < version)
        return "older" if behind else "newer"
    many = max(Counter(held).values()) if versions else len(held)
    return "doubled" if many > 1 else ""


def test_the_kinds_are_all_reached():
    seen = set()
    for standing in (REQUIRED, NEWER, DELETED, None):
        for held in ([], [1], [2], [3], [2, 2]):
            for versions in (False, True):
                source = {} if standing is None else {0: (2, standing)}
                seen.add(judged(0, source, [(0, version) for version in held], versions=versions))
    assert seen == {"", "missing", "older", "newer", "doubled", "surplus", "deleted"}
