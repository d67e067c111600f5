"""Each fault that a test can arm, as each driver sees it."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import closing

import pytest

from tds import Column, SqlType, drivers, problems
from tds.contract import SqlError
from tds.faults import Deaf, Drop, Fail, Repeat, Slow, Torn
from tds.rows import encode


NUMBERS = (Column("n", SqlType("int"), nullable=False),)
GONE = r"08S01|HY000|link|10054|connection|Unexpected EOF"


@pytest.fixture
def numbers(server):
    server.create("numbers", NUMBERS, [(number,) for number in range(1000)])
    return server


def all_of(cursor, sql="SELECT * FROM numbers"):
    return [row[0] for row in cursor.execute(sql).fetchall()]


@pytest.mark.parametrize("fault", [Drop(after_rows=500), Drop(after_bytes=2000), Drop()])
def test_a_connection_that_drops_in_a_result_is_an_error(numbers, cursor, driver, fault):
    numbers.faults.on_statement(fault, matching="numbers")
    if driver == "mssql-python" and fault.after_rows:
        assert all_of(cursor) == [*range(500)]  # it takes a drop between two rows for the end
        with pytest.raises(Exception, match=GONE):
            cursor.execute("SELECT 1")
    else:
        with pytest.raises(Exception, match=GONE):
            all_of(cursor)
    assert numbers.seen.leaked() == 0


def test_arrow_batches_end_early_without_an_error_when_a_connection_drops(numbers):
    """Why the engine of Arrow asks the connection for a sign of life at the end of a result."""
    if problem := drivers.missing("mssql-python"):
        pytest.skip(problem)
    numbers.faults.on_statement(Drop(after_rows=500), matching="numbers")
    with closing(drivers.connect("mssql-python", numbers)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT * FROM numbers")
        assert sum(batch.num_rows for batch in cursor.arrow_reader(batch_size=100)) == 500
        with pytest.raises(Exception, match=GONE):
            cursor.execute("SELECT 1")


def test_a_fault_happens_as_often_as_it_was_armed_and_to_no_other_statement(numbers, connect):
    numbers.faults.on_statement(Fail(SqlError(50001, "armed")), times=2, matching="NUMBERS")
    cursor = connect().cursor()
    assert cursor.execute("SELECT 1").fetchall()[0][0] == 1
    for _ in range(2):
        with pytest.raises(Exception, match="armed"):
            all_of(cursor)
    assert all_of(cursor) == [*range(1000)]


@pytest.mark.parametrize("after_rows", [0, 500])
@pytest.mark.parametrize("problem", [problems.deadlock(), problems.lock_timeout()])
def test_an_error_in_a_result_comes_with_its_text_and_the_session_goes_on(numbers, cursor, problem, after_rows):
    numbers.faults.on_statement(Fail(problem, after_rows=after_rows), matching="numbers")
    with pytest.raises(Exception, match=problem.message[:30].split("(")[0]):
        all_of(cursor)
    assert all_of(cursor) == [*range(1000)]


def test_a_deadlock_rolls_the_transaction_back(numbers, connect, driver):
    connection = connect(autocommit=False)
    cursor = connection.cursor()
    all_of(cursor)
    numbers.faults.on_statement(Fail(problems.deadlock()), matching="numbers")
    with pytest.raises(Exception, match="deadlocked"):
        all_of(cursor)
    if driver == "freetds":  # which does not listen to the server's word
        with pytest.raises(Exception, match="ROLLBACK TRANSACTION request has no corresponding BEGIN"):
            connection.rollback()
    else:
        connection.rollback()
        assert all_of(cursor) == [*range(1000)]
        connection.commit()
        assert numbers.seen.sql().count("COMMIT TRANSACTION") == 1


def test_a_session_that_is_killed_is_closed(numbers, cursor):
    numbers.faults.on_statement(Fail(problems.killed()), matching="numbers")
    with pytest.raises(Exception, match=f"kill state|{GONE}"):
        all_of(cursor)
    assert numbers.seen.leaked() == 0


def test_a_commit_may_be_done_and_its_answer_lost(server, connect):
    connection = connect(autocommit=False)
    connection.cursor().execute("SELECT 1").fetchall()
    server.faults.on_statement(Drop(), matching="COMMIT TRANSACTION")
    with pytest.raises(Exception, match=GONE):
        connection.commit()
    assert server.seen.sql().count("COMMIT TRANSACTION") == 1


@pytest.mark.parametrize("size", [1, 7])
def test_packets_that_arrive_in_pieces_are_put_together(numbers, cursor, size):
    numbers.faults.on_statement(Torn(size), matching="numbers")
    assert all_of(cursor) == [*range(1000)]


def test_slow_rows_arrive_all_the_same(numbers, cursor):
    numbers.faults.on_statement(Slow(0.001, every_rows=100), matching="numbers")
    assert all_of(cursor) == [*range(1000)]


def test_a_slow_login_lets_in(server, connect):
    server.faults.on_login(Slow(0.05))
    assert connect().cursor().execute("SELECT 1").fetchall()[0][0] == 1


def test_a_slow_login_lasts_too_long_for_a_client_in_a_hurry(server):
    if problem := drivers.missing("microsoft"):
        pytest.skip(problem)
    import pyodbc

    server.faults.on_login(Slow(30))
    text = f"Driver={drivers.microsoft()};{drivers.microsoft_string(server, ConnectRetryCount=0)}"
    with pytest.raises(pyodbc.OperationalError, match="HYT00"):
        pyodbc.connect(text, timeout=1)


def test_idle_connections_that_the_server_closes_are_dead_at_their_next_statement(server, connect):
    cursor = connect().cursor()
    cursor.execute("SELECT 1").fetchall()
    server.close_connections()
    assert server.seen.open == 0
    with pytest.raises(Exception, match=GONE):
        cursor.execute("SELECT 1").fetchall()
    assert connect().cursor().execute("SELECT 1").fetchall()[0][0] == 1


def cancel(cursor):
    if hasattr(cursor, "cancel"):
        cursor.cancel()
    else:
        cursor.hstmt._cancel()  # mssql-python's cursors have none of their own


def test_a_result_may_be_repeated_to_any_length(numbers, cursor):
    numbers.faults.on_statement(Repeat(30), matching="numbers")
    assert all_of(cursor) == [*range(1000)] * 30
    numbers.faults.on_statement(Repeat(3), matching="numbers")
    numbers.faults.on_statement(Drop(after_rows=2000), matching="numbers")
    assert len(whole_or_broken(cursor)) <= 2000


def whole_or_broken(cursor):
    """Return what arrives, nothing of it when the driver says that the connection broke."""
    try:
        return all_of(cursor)
    except Exception as error:  # noqa: BLE001 - each driver has its own
        assert re.search(GONE, str(error))  # noqa: PT017 - mssql-python says it only afterwards
        return []


def endless(block):
    while True:
        yield block


@pytest.fixture
def endless_numbers(server):
    server.create("endless", NUMBERS, endless(encode(NUMBERS, [(number,) for number in range(1000)])))
    return server


def test_a_client_that_cancels_in_a_result_is_heard_and_goes_on(endless_numbers, cursor):
    rows = cursor.execute("SELECT * FROM endless")
    assert [row[0] for row in rows.fetchmany(5)] == [0, 1, 2, 3, 4]
    cancel(cursor)
    assert cursor.execute("SELECT 1").fetchall()[0][0] == 1
    assert endless_numbers.seen.cancelled >= 1


def test_a_client_that_goes_away_in_a_result_is_noticed(endless_numbers, connect):
    connection = connect()
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM endless").fetchmany(5)
    cancel(cursor)
    cursor.close()
    connection.close()
    assert endless_numbers.seen.leaked() == 0


BLOCKS = 8000  # of 1,000 rows with five bytes each


@pytest.mark.parametrize("deaf", [False, True])
def test_a_deaf_server_sends_all_rows_of_a_cancelled_result_and_others_do_not(numbers, connect, deaf):
    numbers.faults.on_statement(Repeat(BLOCKS), matching="numbers")
    if deaf:
        numbers.faults.on_statement(Deaf(), matching="numbers")
    connection = connect(Encrypt="no")
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM numbers").fetchmany(5)
    cancel(cursor)
    assert cursor.execute("SELECT 1").fetchall()[0][0] == 1
    cursor.close()
    connection.close()
    assert numbers.seen.leaked() == 0
    assert (numbers.seen.bytes_sent > BLOCKS * 5_000) is deaf


def test_disarmed_faults_do_not_happen(numbers, cursor):
    numbers.faults.on_statement(Drop())
    numbers.faults.on_login(Drop())
    numbers.faults.clear()
    assert all_of(cursor) == [*range(1000)]


def test_a_statement_of_a_client_that_goes_away_is_given_up(server):
    """In a process of its own that is ended while its statement waits."""
    if problem := drivers.missing("mssql-python"):
        pytest.skip(problem)
    command = [sys.executable, "-c", WAITING, drivers.microsoft_string(server)]
    with subprocess.Popen(command) as process:
        assert server.seen.arrived("WAITFOR")
        process.kill()
    assert server.seen.leaked() == 0


WAITING = """
import sys
import mssql_python

mssql_python.connect(sys.argv[1]).cursor().execute("WAITFOR DELAY '01:00:00'")
"""
