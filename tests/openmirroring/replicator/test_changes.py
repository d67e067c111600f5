"""Row markers do to a table what was published about them, row after row from top to bottom."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_store_openmirroring.replicator.changes import apply
from hygge_store_openmirroring.replicator.refusal import Refusal


KEYS = st.integers(0, 4)
ROWS = st.lists(st.tuples(KEYS, st.integers(0, 99)), max_size=8)
CHANGES = st.lists(st.tuples(KEYS, st.integers(0, 99), st.sampled_from([0, 1, 2, 4])), max_size=12)
COLUMNS = {"Id": pl.Int64, "Value": pl.Int64}
MARKED = {**COLUMNS, "__rowMarker__": pl.Int32}


def one_by_one(rows, changes):
    """The published table of markers, without any cleverness."""
    table = list(rows)
    for key, value, marker in changes:
        if marker != 0:
            table = [row for row in table if row[0] != key]
        if marker != 2:
            table.append((key, value))
    return table


@given(before=ROWS, changes=st.lists(CHANGES, max_size=4))
def test_files_of_changes_do_what_their_rows_do_one_after_the_other(before, changes):
    rows, expected = pl.DataFrame(before, schema=COLUMNS, orient="row"), list(before)
    for file in changes:
        frame = pl.DataFrame(file, schema=MARKED, orient="row")
        rows = apply(rows, frame, key=["Id"], upsert_by_default=False)
        expected = one_by_one(expected, file)
    assert sorted(rows.rows()) == sorted(expected)


@given(before=ROWS, file=ROWS, upsert=st.booleans())
def test_a_file_without_markers_inserts_or_upserts_by_default(before, file, upsert):
    rows = pl.DataFrame(before, schema=COLUMNS, orient="row")
    after = apply(rows, pl.DataFrame(file, schema=COLUMNS, orient="row"), key=["Id"], upsert_by_default=upsert)
    marker = 4 if upsert else 0
    assert sorted(after.rows()) == sorted(one_by_one(before, [(*row, marker) for row in file]))


def test_a_composite_key_is_one_key():
    rows = pl.DataFrame({"A": [1, 1, 2], "B": ["x", "y", "x"], "V": [1, 2, 3]})
    change = pl.DataFrame({"A": [1], "B": ["y"], "V": [9], "__rowMarker__": [2]})
    assert apply(rows, change, key=["A", "B"], upsert_by_default=False).rows() == [(1, "x", 1), (2, "x", 3)]


def test_columns_that_an_update_leaves_out_become_null():
    rows = pl.DataFrame({"Id": [1, 2], "V": [1, 2]})
    change = pl.DataFrame({"Id": [2], "__rowMarker__": [4]})
    assert sorted(apply(rows, change, key=["Id"], upsert_by_default=False).rows(), key=repr) == [(1, 1), (2, None)]


def test_a_null_key_may_be_inserted():
    change = pl.DataFrame({"Id": [None], "V": [1], "__rowMarker__": [0]}, schema_overrides={"Id": pl.Int64})
    assert apply(pl.DataFrame(), change, key=["Id"], upsert_by_default=False).rows() == [(None, 1)]


@pytest.mark.parametrize(
    ("file", "key", "what"),
    [
        ({"__rowMarker__": [0], "Id": [1]}, ["Id"], "not the last column"),
        ({"Id": [1], "__rowMarker__": ["0"]}, ["Id"], "String, not an integer"),
        ({"Id": [1], "__rowMarker__": [3]}, ["Id"], "holds 3"),
        ({"Id": [1, 2], "__rowMarker__": [0, None]}, ["Id"], "holds None"),
        ({"Id": [1], "__rowMarker__": [4]}, [], "no keyColumns"),
        ({"Other": [1], "__rowMarker__": [4]}, ["Id"], "Key column Id is not in the file"),
        ({"Other": [1]}, ["Id"], "Key column Id is not in the file"),
        ({"Id": [1, None], "__rowMarker__": [0, 2]}, ["Id"], "Key column Id is null"),
    ],
)
def test_what_cannot_be_applied_is_refused(file, key, what):
    with pytest.raises(Refusal, match=what):
        apply(pl.DataFrame({"Id": [7]}), pl.DataFrame(file), key=key, upsert_by_default=False)
