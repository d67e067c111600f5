from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tds.contract import SqlError


BIGINT = "CAST(MIN_ACTIVE_ROWVERSION() AS bigint)"


@pytest.fixture
def ledger(ask):
    ask.run("CREATE TABLE ledger (id int PRIMARY KEY, amount int, rv rowversion)")
    ask.run("INSERT INTO ledger (id, amount) VALUES (1, 10), (2, 20)")
    return ask


def waits(future, session):
    """See that a statement waits for another transaction, not for the clock."""
    while session.session.state["engine"].transaction.waits_for is None:
        assert not future.done(), future.result()


def test_others_do_not_see_what_is_not_committed_but_read_uncommitted_does(ledger, sessions):
    other = sessions()
    ledger.run("BEGIN TRAN; UPDATE ledger SET amount = 99 WHERE id = 1; INSERT INTO ledger (id) VALUES (3)")
    assert ledger.column("SELECT amount FROM ledger ORDER BY id") == [99, 20, None]
    assert other.column("SELECT amount FROM ledger ORDER BY id") == [10, 20]
    assert other.column("SELECT amount FROM ledger WITH (NOLOCK) ORDER BY id") == [99, 20, None]
    other.run("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED")
    assert other.column("SELECT id FROM ledger ORDER BY id") == [1, 2, 3]
    ledger.run("ROLLBACK")
    assert other.column("SELECT amount FROM ledger ORDER BY id") == [10, 20]


def test_a_snapshot_stays_at_its_moment_while_others_commit(ledger, sessions):
    reader = sessions()
    reader.run("SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRAN")
    assert reader.value("SELECT COUNT(*) FROM ledger") == 2
    ledger.run("DELETE FROM ledger WHERE id = 1; INSERT INTO ledger (id) VALUES (3), (4)")
    assert reader.column("SELECT id FROM ledger ORDER BY id") == [1, 2]
    reader.run("COMMIT")
    assert reader.column("SELECT id FROM ledger ORDER BY id") == [2, 3, 4]


def test_rows_on_their_way_are_of_one_moment_in_read_committed_too(ledger, sessions):
    other = sessions()
    (result,) = ledger.engine.execute(ledger.session, "SELECT id FROM ledger ORDER BY id")
    rows = iter(result.rows)
    assert next(rows) == (1,)
    other.run("DELETE FROM ledger")
    assert list(rows) == [(2,)]


def test_a_snapshot_is_refused_where_the_database_does_not_allow_it(ledger):
    ledger.run("ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION OFF; SET TRANSACTION ISOLATION LEVEL SNAPSHOT")
    assert ledger.refused("SELECT * FROM ledger") == 3952
    state = "SELECT snapshot_isolation_state FROM sys.databases WHERE name = DB_NAME()"
    ledger.run("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    assert ledger.value(state) == 0
    ledger.run("ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON")
    assert ledger.value(state) == 1


def test_a_snapshot_may_not_write_what_others_wrote_since(ledger, sessions):
    other = sessions()
    other.run("SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRAN; SELECT COUNT(*) FROM ledger")
    ledger.run("UPDATE ledger SET amount = 11 WHERE id = 1")
    assert other.refused("UPDATE ledger SET amount = 12 WHERE id = 1") == 3960
    assert not other.session.in_transaction
    assert ledger.value("SELECT amount FROM ledger WHERE id = 1") == 11


def test_two_writers_of_different_rows_do_not_wait_and_commit_in_any_order(ledger, sessions):
    early, late = sessions(), sessions()
    early.run("BEGIN TRAN; INSERT INTO ledger (id) VALUES (3)")
    late.run("INSERT INTO ledger (id) VALUES (4)")
    first, second = (one.value(f"SELECT CAST(rv AS bigint) FROM ledger WHERE id = {number}")
                     for one, number in ((early, 3), (late, 4)))  # fmt: skip
    assert first < second
    assert ledger.value(f"SELECT {BIGINT}") == first
    early.run("COMMIT")
    assert ledger.value(f"SELECT {BIGINT}") == second + 1 == int.from_bytes(ledger.value("SELECT @@DBTS"), "big") + 1
    assert ledger.column("SELECT id FROM ledger") == [1, 2, 3, 4]


def test_every_write_of_a_row_moves_its_rowversion(ledger):
    before = ledger.column("SELECT rv FROM ledger ORDER BY id")
    ledger.run("UPDATE ledger SET amount = amount WHERE id = 2")
    after = ledger.column("SELECT rv FROM ledger ORDER BY id")
    assert after[0] == before[0]
    assert after[1] > max(before)


def test_a_writer_waits_for_the_other_writer_of_a_row_and_sees_what_it_left(ledger, sessions):
    other = sessions()
    ledger.run("BEGIN TRAN; UPDATE ledger SET amount = amount + 1 WHERE id = 1")
    other.run("BEGIN TRAN")
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(other.run, "UPDATE ledger SET amount = amount * 2 WHERE id = 1; COMMIT")
        waits(future, other)
        ledger.run("COMMIT")
        future.result(timeout=30)
    assert ledger.value("SELECT amount FROM ledger WHERE id = 1") == 22


def test_a_row_that_no_longer_fits_when_the_wait_is_over_is_left_alone(ledger, sessions):
    other = sessions()
    ledger.run("BEGIN TRAN; UPDATE ledger SET amount = 11 WHERE id = 1; UPDATE ledger SET amount = 10 WHERE id = 2")
    other.run("BEGIN TRAN")
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(other.run, "UPDATE ledger SET amount = 0 WHERE amount = 10; COMMIT")
        waits(future, other)
        ledger.run("COMMIT")
        future.result(timeout=30)
    assert ledger.column("SELECT amount FROM ledger ORDER BY id") == [11, 0]


def test_rows_lie_in_the_order_of_their_inserts_however_late_they_are_committed(ask, sessions):
    early = sessions()
    ask.run("CREATE TABLE many (id int)")
    early.run("BEGIN TRAN; INSERT INTO many VALUES " + ", ".join(f"({number})" for number in range(1100)))
    ask.run("INSERT INTO many VALUES " + ", ".join(f"({number})" for number in range(1100, 3000)))
    early.run("COMMIT")
    assert ask.column("SELECT id FROM many") == list(range(3000))


def test_patience_ends_with_1222(ledger, sessions):
    other = sessions()
    ledger.run("BEGIN TRAN; DELETE FROM ledger WHERE id = 1")
    other.run("SET LOCK_TIMEOUT 0")
    assert other.refused("UPDATE ledger SET amount = 1 WHERE id = 1") == 1222
    other.run("SET LOCK_TIMEOUT 20")
    assert other.refused("INSERT INTO ledger (id) VALUES (1)") == 1222
    ledger.run("COMMIT")
    other.run("INSERT INTO ledger (id) VALUES (1)")


def test_a_circle_of_waiting_ends_with_a_victim(ledger, sessions):
    other = sessions()
    ledger.run("BEGIN TRAN; UPDATE ledger SET amount = 1 WHERE id = 1")
    other.run("BEGIN TRAN; UPDATE ledger SET amount = 2 WHERE id = 2")
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(ledger.run, "UPDATE ledger SET amount = 1 WHERE id = 2")
        waits(future, ledger)
        assert other.refused("UPDATE ledger SET amount = 2 WHERE id = 1") == 1205
        future.result(timeout=30)
    assert not other.session.in_transaction
    ledger.run("COMMIT")
    assert ledger.column("SELECT amount FROM ledger ORDER BY id") == [1, 1]


def test_a_session_that_goes_lets_go_of_its_rows(ledger, sessions):
    other = sessions()
    other.run("BEGIN TRAN; DELETE FROM ledger")
    ledger.engine.close(other.session)
    ledger.run("SET LOCK_TIMEOUT 0; UPDATE ledger SET amount = 5")
    assert ledger.column("SELECT amount FROM ledger") == [5, 5]


def test_cancelling_ends_the_waiting(ledger, sessions):
    other = sessions()
    ledger.run("BEGIN TRAN; DELETE FROM ledger")
    other.session.cancelled.set()
    with pytest.raises(SqlError, match="cancelled"):
        other.run("DELETE FROM ledger")


def test_transactions_inside_of_others_only_count(ask):
    ask.run("CREATE TABLE n (a int); BEGIN TRAN; BEGIN TRAN; INSERT INTO n VALUES (1); COMMIT")
    assert ask.value("SELECT @@TRANCOUNT") == 1
    ask.run("ROLLBACK")
    assert ask.value("SELECT COUNT(*) FROM n") == 0
    assert ask.refused("COMMIT") == 3902
    assert ask.refused("ROLLBACK") == 3903


def test_a_statement_that_fails_leaves_nothing_and_the_transaction_goes_on(ledger):
    ledger.run("BEGIN TRAN; INSERT INTO ledger (id) VALUES (5)")
    assert ledger.refused("INSERT INTO ledger (id) VALUES (6), (7), (5)") == 2627
    assert ledger.refused("UPDATE ledger SET id = 5 WHERE id IN (1, 2)") == 2627
    ledger.run("INSERT INTO ledger (id) VALUES (6); COMMIT")
    assert ledger.column("SELECT id FROM ledger ORDER BY id") == [1, 2, 5, 6]


def test_xact_abort_ends_the_transaction_with_the_first_error(ledger):
    ledger.run("SET XACT_ABORT ON; BEGIN TRAN; INSERT INTO ledger (id) VALUES (5)")
    assert ledger.refused("INSERT INTO ledger (id) VALUES (5)") == 2627
    assert ledger.value("SELECT COUNT(*) FROM ledger") == 2


def test_implicit_transactions_begin_by_themselves(ledger, sessions):
    ledger.run("SET IMPLICIT_TRANSACTIONS ON; INSERT INTO ledger (id) VALUES (5)")
    assert sessions().value("SELECT COUNT(*) FROM ledger") == 2
    ledger.run("IF @@TRANCOUNT > 0 COMMIT TRAN")
    assert sessions().value("SELECT COUNT(*) FROM ledger") == 3


def test_rolling_back_takes_definitions_and_keys_back(ask):
    ask.run("CREATE TABLE kept (id int PRIMARY KEY); INSERT INTO kept VALUES (1)")
    ask.run("BEGIN TRAN; CREATE TABLE gone (id int); DROP TABLE kept; ROLLBACK")
    assert ask.value("SELECT id FROM kept") == 1
    assert ask.refused("SELECT * FROM gone") == 208
    ask.run("BEGIN TRAN; DELETE FROM kept; INSERT INTO kept VALUES (1), (2); ROLLBACK; INSERT INTO kept VALUES (2)")
    assert ask.refused("INSERT INTO kept VALUES (1)") == 2627


@pytest.mark.parametrize("level", ["SERIALIZABLE", "REPEATABLE READ"])
def test_levels_that_would_need_locks_of_readers_are_refused_by_name(ledger, level):
    ledger.run(f"SET TRANSACTION ISOLATION LEVEL {level}")
    with pytest.raises(SqlError, match=level):
        ledger.run("SELECT * FROM ledger")
