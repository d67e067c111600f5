"""Few connections for many tables: none leaks, none that died is lent, and nobody waits without hearing of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hygge_core import HomeError, HomeUnavailable
from tds.contract import SqlError
from tds.faults import Fail


class Log:
    def __init__(self, told):
        self.told = told
        self.said = []

    def info(self, event, **more):
        self.said.append((event, more))
        self.told.set()


def test_twenty_borrowers_share_two_connections(server, connect, way, ask):
    connection = connect(way, pool_size=2)
    with ThreadPoolExecutor(20) as threads:
        assert list(threads.map(lambda _: ask(connection), range(100))) == [1] * 100
    counts = connection.pool.counts
    assert counts.lent == 0
    assert counts.opened <= 2
    assert server.seen.peak <= 2


def test_a_borrower_that_finds_none_free_waits_and_it_is_said_once(connect):
    said = threading.Event()
    log = Log(said)
    connection = connect(log=log, pool_size=1)

    def second():
        with connection.pool.borrow():
            return connection.pool.counts.lent

    with ThreadPoolExecutor(1) as threads:
        with connection.pool.borrow():
            waiting = threads.submit(second)
            assert said.wait(30)
            assert not waiting.done()
        assert waiting.result(30) == 1
    assert log.said == [("connection.waiting", {"connection": connection.where, "pool_size": 1})]
    assert connection.pool.counts.waited == 1


def test_a_connection_that_died_while_idle_is_replaced(server, connect, way, ask):
    connection = connect(way)
    ask(connection)
    server.close_connections()
    assert ask(connection) == 1
    counts = connection.pool.counts
    assert (counts.opened, counts.replaced, counts.idle) == (2, 1, 1)


def test_after_an_error_the_connection_is_closed_and_not_lent_again(server, connect, way, ask):
    connection = connect(way)
    for _ in range(3):
        server.faults.on_statement(
            Fail(SqlError(1205, "chosen as the deadlock victim", severity=13)), matching="numbers"
        )
        with pytest.raises(HomeUnavailable):
            ask(connection, "SELECT * FROM numbers")
        assert (connection.pool.counts.lent, connection.pool.counts.idle) == (0, 0)
    assert ask(connection) == 1


def test_an_error_of_our_own_does_not_leak_either_and_is_not_the_servers(connect):
    connection = connect()
    with pytest.raises(ZeroDivisionError), connection.pool.borrow(), connection.told():
        1 / 0  # noqa: B018 - it fails
    assert connection.pool.counts.lent == 0


def test_a_login_that_fails_gives_its_place_back(server, connect, ask, way):
    connection = connect(way, pool_size=1)
    server.faults.on_login(Fail(SqlError(18456, "Login failed for user 'hygge'.", severity=14)), times=2)
    with pytest.raises(HomeError):
        ask(connection)
    server.faults.clear()
    assert ask(connection) == 1


def test_what_a_borrower_set_is_gone_for_the_next_one(server, connect):
    connection = connect(pool_size=1)
    with connection.pool.borrow() as raw:
        raw.autocommit = False
        raw.cursor().execute("SELECT 1").fetchall()
    with connection.pool.borrow() as raw:
        assert raw.autocommit
    assert server.seen.of("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    assert connection.pool.counts.opened == 1


def test_both_engines_together_keep_to_the_size(server, connect):
    connection = connect(pool_size=1)
    for engine in ("pyodbc", "arrow", "pyodbc"):
        with connection.pool.borrow(engine) as raw:
            raw.cursor().execute("SELECT 1").fetchall()
            assert server.seen.peak == 1
    assert connection.pool.counts.opened == 3


def test_closing_ends_what_is_idle_now_and_what_is_lent_when_it_comes_back(server, connect):
    connection = connect()
    with connection.pool.borrow(), connection.pool.borrow():
        connection.close()
    connection.close()
    assert server.seen.leaked() == 0
    with pytest.raises(HomeError, match="was closed"), connection.pool.borrow():
        pass


def test_closing_wakes_those_who_wait(connect):
    said = threading.Event()
    connection = connect(log=Log(said), pool_size=1)

    def second():
        with pytest.raises(HomeError, match="was closed"), connection.pool.borrow():
            pass

    with ThreadPoolExecutor(1) as threads, connection.pool.borrow():
        waiting = threads.submit(second)
        assert said.wait(30)
        connection.close()
        waiting.result(30)
