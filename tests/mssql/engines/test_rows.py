"""Rows come in frames of about the size asked for; what breaks on the way is an error and never the end of the rows."""

from __future__ import annotations

import threading
import time
from itertools import count

import polars as pl
import pytest

from hygge_core import HomeError, HomeUnavailable
from hygge_core.sql import Statement
from hygge_home_mssql.engines import Shape, open_rows
from hygge_home_mssql.types import Options, typed
from mssql_place import run_apart
from tds import problems
from tds.contract import Column, SqlError, SqlType
from tds.faults import Deaf, Drop, Fail, Slow, Torn


NUMBERS = Shape(columns=[typed("n", "int")], options=Options())
ALL = 20_000


def seldom(*values):
    """A case that only the long session tries."""
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.fixture
def rows(connect, way):
    """Read a table in batches, over a connection of the pool."""
    connection = connect(way)
    engine = "arrow" if way == "arrow" else "pyodbc"

    def batches(table="numbers", size=1 << 20, shape=NUMBERS, then=lambda _: None):
        with connection.pool.borrow(engine) as raw, connection.told(table):
            found = open_rows(engine, raw, Statement(f"SELECT * FROM {table}"), shape)
            try:
                for batch in found.batches(size):
                    yield batch
                    then(found)
            finally:
                found.close()

    batches.pool = connection.pool
    return batches


@pytest.mark.parametrize("size", [seldom(1), 1000, 50_000, 1 << 30])
def test_all_rows_come_in_order_in_batches_near_the_size(rows, size):
    batches = list(rows(size=size))
    assert pl.concat(batches)["n"].to_list() == list(range(ALL))
    assert all(batch.schema == NUMBERS.schema for batch in batches)
    assert all(batch.estimated_size() >= size for batch in batches[:-1])
    if size == 1 << 30:
        assert len(batches) == 1


def test_a_table_without_rows_gives_no_batch(server, rows):
    server.create("nothing", (Column("n", SqlType("int")),))
    assert list(rows("nothing")) == []
    assert rows.pool.counts.idle == 1


@pytest.mark.parametrize(
    "after", [0, seldom(1), seldom(100), 2048, seldom(8192), seldom(9000), seldom(16_384), seldom(ALL - 1), ALL]
)
def test_a_connection_that_drops_is_never_taken_for_the_end(server, rows, after):
    server.faults.on_statement(Drop(after_rows=after), matching="numbers")
    with pytest.raises(HomeUnavailable) as error:
        list(rows())
    assert error.value.where == "numbers"
    assert rows.pool.counts.lent == rows.pool.counts.idle == 0


@pytest.mark.parametrize("after", [8, seldom(100), 4000, seldom(10_000), seldom(30_000)])
def test_a_torn_packet_is_an_error(server, rows, after):
    server.faults.on_statement(Drop(after_bytes=after), matching="numbers")
    with pytest.raises(HomeUnavailable):
        list(rows())


def test_packets_in_pieces_are_whole_again(server, rows):
    server.faults.on_statement(Torn(size=7), matching="numbers")
    assert pl.concat(rows())["n"].to_list() == list(range(ALL))


@pytest.mark.parametrize("after", [0, seldom(1), seldom(2048), 8192, seldom(ALL)])
@pytest.mark.parametrize(
    ("error", "again"),
    [
        (problems.deadlock(), True),
        (problems.database_unavailable(), True),
        (problems.killed(), True),
        (SqlError(8134, "Divide by zero error encountered."), False),
        (SqlError(229, "The SELECT permission was denied on the object 'numbers'.", severity=14), False),
    ],
    ids=lambda value: str(getattr(value, "number", "")),
)
def test_an_error_of_the_server_ends_the_rows_with_its_words(server, rows, after, error, again):
    server.faults.on_statement(Fail(error, after_rows=after), matching="numbers")
    with pytest.raises(HomeError) as found:
        list(rows())
    assert isinstance(found.value, HomeUnavailable) == again
    assert error.message[:30] in found.value.what or error.number == 596  # the connection may be gone before its words
    server.faults.clear()
    assert sum(batch.height for batch in rows()) == ALL


@pytest.mark.parametrize("after", [0, 5000])
def test_a_server_that_fails_in_the_middle_of_the_rows_keeps_nobody_waiting(server, rows, after):
    def failing():
        yield from ((number,) for number in range(after))
        raise ValueError

    server.create("broken", (Column("n", SqlType("int")),), failing())
    with pytest.raises(HomeError):
        list(rows("broken"))
    assert sum(batch.height for batch in rows()) == ALL
    server.seen.crashes.clear()  # it was meant to


def endless(server):
    server.create("endless", (Column("n", SqlType("int")),), Numbers())


class Numbers:
    """Rows without an end."""

    def __iter__(self):
        return ((number % 1000,) for number in count())


def test_closing_early_does_not_wait_for_the_rest(server, rows):
    endless(server)
    batches = rows("endless", size=1000)
    next(batches)
    batches.close()  # would never return if it took the rest
    assert server.seen.cancelled >= 1


@pytest.mark.parametrize("sql", ["SELECT * FROM numbers", "WAITFOR DELAY '00:05:00'"])
def test_another_thread_cancels_what_the_server_is_slow_with(server, connect, way, sql):
    server.faults.on_statement(Slow(120), matching="numbers")
    connection = connect(way)
    began = time.monotonic()
    with (
        pytest.raises(HomeError, match="cancel"),
        connection.pool.borrow("arrow" if way == "arrow" else "pyodbc") as raw,
        connection.told(),
    ):
        cancelled(server, raw, way, sql)
    assert time.monotonic() - began < 100
    assert connection.pool.counts.lent == connection.pool.counts.idle == 0


def cancelled(server, raw, way, sql):
    """Run a statement that another thread cancels as soon as the server has it, and again until it is heard."""
    found = open_rows("arrow" if way == "arrow" else "pyodbc", raw, Statement(sql), NUMBERS, patience=0.1)
    over = threading.Event()

    def cancel():
        while not over.wait(0.05):
            if server.seen.of(sql):
                found.cancel()

    canceller = threading.Thread(target=cancel)
    canceller.start()
    try:
        list(found.batches(1000))
    finally:
        over.set()
        canceller.join()
        found.close()


def test_cancelling_and_closing_again_and_again_does_nothing(connect, way):
    connection = connect(way)
    engine = "arrow" if way == "arrow" else "pyodbc"
    with connection.pool.borrow(engine) as raw:
        found = open_rows(engine, raw, Statement("SELECT * FROM numbers"), NUMBERS)
        list(found.batches(1 << 20))
        for _ in range(3):
            found.close()
            found.cancel()


def test_many_threads_may_cancel_what_is_just_being_closed(server, rows):
    endless(server)
    for _ in range(5):
        threads = []

        def attack(found, threads=threads):
            threads += [threading.Thread(target=found.cancel) for _ in range(8)]
            for thread in threads:
                thread.start()

        batches = rows("endless", size=1000, then=attack)
        next(batches)
        with pytest.raises(HomeError):
            list(batches)
        for thread in threads:
            thread.join()


LARGE = """
CREATE TABLE large (a varchar(max), b varbinary(max));
INSERT INTO large VALUES (REPLICATE(CAST('x' AS varchar(max)), 300000),
    CAST(REPLICATE(CAST('y' AS varchar(max)), 300000) AS varbinary(max)));
INSERT INTO large SELECT a, b FROM large;
INSERT INTO large SELECT a, b FROM large;
INSERT INTO large SELECT a, b FROM large;
INSERT INTO large SELECT a, b FROM large;
INSERT INTO large SELECT a, b FROM large;
"""


@pytest.fixture
def apart(tmp_path):
    """A server in a process of its own: mssql-python holds Python's lock while it waits for a large value."""
    (tmp_path / "large.sql").write_text(LARGE, encoding="utf-8")
    with run_apart("--sql", str(tmp_path / "large.sql")) as server:
        yield server


@pytest.mark.parametrize("name", ["a", "b"])
def test_large_values_are_taken_few_at_a_time(apart, connect, way, name):
    shape = Shape(columns=[typed(name, {"a": "varchar(max)", "b": "varbinary(max)"}[name])], options=Options())
    connection = connect(way, to=apart)
    engine = "arrow" if way == "arrow" else "pyodbc"
    with connection.pool.borrow(engine) as raw:
        found = open_rows(engine, raw, Statement(f"SELECT {name} FROM large"), shape)
        heights = [batch.height for batch in found.batches(1_000_000)]
        found.close()
    connection.close()
    assert sum(heights) == 32
    assert max(heights) <= 24  # the first step of 16, and a step after it


def test_columns_of_any_number_and_length_are_bounded_by_bytes(server, rows):
    wide = tuple(Column(f"c{at}", SqlType("varchar", length=200)) for at in range(50))
    server.create("wide", wide, [("y" * 200,) * 50] * 500)
    shape = Shape(columns=[typed(f"c{at}", "varchar(200)") for at in range(50)], options=Options())
    batches = list(rows("wide", size=1_000_000, shape=shape))
    assert sum(batch.height for batch in batches) == 500
    assert len(batches) >= 3


def test_a_value_that_its_dtype_cannot_hold_names_table_column_and_value(server, rows):
    server.create("moments", (Column("a", SqlType("varchar", length=27)),), [("2026-01-31 10:00:00.1234567",)])
    shape = Shape(columns=[typed("a", "datetime2")], options=Options())
    with pytest.raises(HomeError) as error:
        list(rows("moments", shape=shape))
    assert str(error.value).startswith("moments: column 'a' holds 2026-01-31 10:00:00.1234567")


def test_a_server_that_does_not_hear_a_cancellation_is_survived(server, rows):
    server.faults.on_statement(Deaf(), matching="numbers")
    batches = rows(size=1000)
    next(batches)
    batches.close()
    assert sum(batch.height for batch in rows()) == ALL
