"""Batches stay near the bytes that were asked for, whatever the rows hold."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.home import ReadRequest
from hygge_core.sql import chunks


MIB = 1 << 20


def sizes(reading):
    return [(batch.height, int(batch.estimated_size())) for batch in reading.batches()]


def test_batches_are_near_the_size_asked_for(make, read):
    make(
        "CREATE TABLE t (a INT, b REAL, c TEXT)",
        rows=[("INSERT INTO t VALUES (?, ?, ?)", [(at, at / 2, "x" * 84) for at in range(30_000)])],
    )
    found = sizes(read(request=ReadRequest(entity="t", batch_bytes=MIB)))
    assert sum(rows for rows, _ in found) == 30_000
    assert all(MIB <= size <= 1.3 * MIB for _, size in found[:-1])
    assert len(found) == 3


def test_small_batches_are_possible_down_to_one_row(make, read):
    make("CREATE TABLE t (a INT)", rows=[("INSERT INTO t VALUES (?)", [(at,) for at in range(50)])])
    assert [rows for rows, _ in sizes(read(request=ReadRequest(entity="t", batch_bytes=1)))] == [1] * 50


def test_long_values_after_many_short_ones_do_not_fill_the_memory(make, read):
    """Rows are weighed while they are fetched: by their number alone, one batch would hold all 120 MB."""
    make("CREATE TABLE t (a BLOB)", rows=[("INSERT INTO t VALUES (?)", [(b"x",)] * 5000)])
    make(
        """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 60)
           INSERT INTO t SELECT zeroblob(2000000) FROM n"""
    )
    found = sizes(read(request=ReadRequest(entity="t", batch_bytes=4 * MIB)))
    assert sum(rows for rows, _ in found) == 5060
    assert max(size for _, size in found) <= 16 * 2_000_000 + MIB
    assert max(size for _, size in found[-3:]) <= 6 * MIB, "rows like those before are foreseen"


def test_a_row_larger_than_a_batch_comes_alone(make, read):
    make("CREATE TABLE t (a TEXT)", rows=[("INSERT INTO t VALUES (?)", [("x" * 100_000,)] * 20)])
    found = sizes(read(request=ReadRequest(entity="t", batch_bytes=1000)))
    assert [rows for rows, _ in found[-3:]] == [1, 1, 1]
    assert sum(rows for rows, _ in found) == 20


def test_wide_rows_are_fetched_few_at_a_time():
    with closing(sqlite3.connect(":memory:")) as connection:
        columns = ", ".join(f"1 AS c{at}" for at in range(1900))
        cursor = connection.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300) SELECT {columns} FROM n"  # noqa: S608
        )
        assert max(len(rows) for rows in chunks(cursor, 1900, [], 1 << 30)) <= (1 << 17) // 1900


@given(
    lengths=st.lists(st.integers(0, 300), max_size=60),
    limit=st.integers(1, 2000),
    long=st.sampled_from([[], [0], [0, 1]]),
)
def test_all_rows_come_in_order_and_lists_end_near_the_limit(lengths, limit, long):
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (a, b, c)")
        rows = [
            ("x" * length if length % 7 else None, at if at % 3 else b"yy", at) for at, length in enumerate(lengths)
        ]
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
        lists = list(chunks(connection.execute("SELECT * FROM t"), 3, long, limit))
        assert [row for some in lists for row in some] == rows
        assert all(lists)
        if 0 in long:
            for some in lists:
                before = sum(len(row[0] or "") for row in some[:-16])
                assert before < limit or len(some) <= 16


@pytest.mark.parametrize("rows", [1, 15, 16, 17, 2047, 2048, 2049, 5000])
def test_no_row_is_lost_at_the_edges_of_steps_and_lists(make, read, rows):
    make(
        "CREATE TABLE t (a INT, b TEXT)", rows=[("INSERT INTO t VALUES (?, ?)", [(at, str(at)) for at in range(rows)])]
    )
    frame = pl.concat(read(request=ReadRequest(entity="t", batch_bytes=64_000)).batches())
    assert frame["a"].to_list() == list(range(rows))
    assert frame["b"].to_list() == [str(at) for at in range(rows)]
