"""Any sequence of upserts, deletes, appends and replacements leaves what a dictionary would hold."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from core.staging.upserting import committed, opened


KEYS = {
    "int64": (pl.Int64(), lambda n: n * 2**40 - 2**42),
    "uint8": (pl.UInt8(), lambda n: n),
    "date": (pl.Date(), lambda n: date(1969, 12, 28) + timedelta(days=n)),
    "decimal": (pl.Decimal(20, 3), lambda n: Decimal(n * 1001 - 4000).scaleb(-3)),
    "string": (pl.String(), lambda n: ["", "ä", "a" * n, "Z", "ß", "\x00", "🫐"][n % 7] + str(n)),
}
NUMBERS = st.integers(0, 11)
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=8, unique=True)
VALUES = st.one_of(st.none(), st.integers(-3, 3))


@st.composite
def histories(draw):
    """Two dtypes for the key, one value column, and what happens: an action, keys with values, and keys to delete."""
    dtypes = draw(st.sampled_from(list(KEYS))), draw(st.sampled_from(list(KEYS)))
    steps = st.tuples(
        st.sampled_from(["upsert", "upsert", "upsert", "append", "replace"]),
        st.lists(st.tuples(NUMBERS, NUMBERS, VALUES), max_size=8, unique_by=lambda row: row[:2]),
        ROWS,
        st.integers(1, 3),
    )
    return dtypes, draw(st.lists(steps, min_size=1, max_size=5))


def frame(dtypes, rows):
    (first, make_first), (second, make_second) = (KEYS[dtype] for dtype in dtypes)
    schema = {"a": first, "b": second, "value": pl.Int32()}
    return pl.DataFrame([(make_first(a), make_second(b), value) for a, b, value in rows], schema=schema, orient="row")


def seen(root):
    """What DuckDB reads: the table's rows, sorted."""
    with duckdb.connect() as database:
        found = database.execute("select a, b, value from read_parquet(?)", [f"{root}/teas/*.parquet"])
        return sorted(found.fetchall(), key=str)


@settings(max_examples=25, deadline=None)
@given(histories(), st.sampled_from(["linking", "copying", "far"]))
def test_a_table_is_what_a_dictionary_would_be(history, lake):
    dtypes, steps = history
    model = {}
    with tempfile.TemporaryDirectory() as root:
        store = opened(Path(root), lake)
        for number, (action, drawn, deleted, writers) in enumerate(steps):
            rows = [row for row in drawn if action != "append" or row[:2] not in model]  # as the engine sees to
            model = {} if action == "replace" else model
            if action == "upsert":
                model = {key: value for key, value in model.items() if key not in deleted}
            model |= {row[:2]: row[2] for row in rows}
            gone = frame(dtypes, [(*key, None) for key in deleted]).lazy().select("a", "b")
            frames = [frame(dtypes, rows[writer::writers]) for writer in range(writers)]
            committed(store, number, *frames, mode=action, key=("a", "b"), deleted=gone)
            expected = sorted(frame(dtypes, [(*key, value) for key, value in model.items()]).rows(), key=str)
            assert seen(root) == expected
        store.close()
