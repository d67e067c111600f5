from __future__ import annotations

import pytest


CHANGED = """SELECT SYS_CHANGE_OPERATION, id, SYS_CHANGE_VERSION FROM CHANGETABLE(CHANGES dbo.t, {}) AS c
    ORDER BY SYS_CHANGE_VERSION, id"""
CURRENT = "SELECT CHANGE_TRACKING_CURRENT_VERSION()"
VALID = "SELECT CHANGE_TRACKING_MIN_VALID_VERSION(OBJECT_ID('dbo.t'))"


@pytest.fixture
def tracked(ask):
    ask.run("CREATE TABLE t (id int PRIMARY KEY, a int); INSERT INTO t VALUES (1, 1), (2, 2)")
    ask.run("ALTER DATABASE CURRENT SET CHANGE_TRACKING = ON (CHANGE_RETENTION = 3 DAYS, AUTO_CLEANUP = ON)")
    ask.run("ALTER TABLE t ENABLE CHANGE_TRACKING WITH (TRACK_COLUMNS_UPDATED = OFF)")
    return ask


def test_each_commit_is_a_version_and_changes_are_net(tracked):
    assert tracked.value(CURRENT) == 0
    tracked.run("INSERT INTO t VALUES (3, 3); UPDATE t SET a = 9 WHERE id IN (1, 3); DELETE FROM t WHERE id = 2")
    assert tracked.value(CURRENT) == 3
    assert tracked.rows(CHANGED.format(0)) == [("U", 1, 2), ("I", 3, 2), ("D", 2, 3)]
    assert tracked.rows(CHANGED.format(1)) == [("U", 1, 2), ("U", 3, 2), ("D", 2, 3)]
    assert tracked.rows(CHANGED.format(3)) == []
    tracked.run("INSERT INTO t VALUES (2, 2); UPDATE t SET id = 7 WHERE id = 1")
    assert tracked.rows(CHANGED.format(3))[0] == ("I", 2, 4)
    assert {row[:2] for row in tracked.rows(CHANGED.format(4))} == {("D", 1), ("I", 7)}


def test_a_transaction_is_one_version_and_one_rolled_back_is_none(tracked, sessions):
    tracked.run("BEGIN TRAN; INSERT INTO t VALUES (3, 3); INSERT INTO t VALUES (4, 4)")
    assert sessions().value(CURRENT) == 0
    tracked.run("COMMIT; BEGIN TRAN; DELETE FROM t; ROLLBACK")
    assert tracked.rows(CHANGED.format("NULL")) == [("I", 3, 1), ("I", 4, 1)]


def test_a_snapshot_sees_versions_and_rows_of_one_moment(tracked, sessions):
    reader = sessions()
    reader.run("SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRAN")
    assert reader.value(CURRENT) == 0
    tracked.run("DELETE FROM t")
    assert reader.value(CURRENT) == 0
    assert reader.rows(CHANGED.format(0)) == []
    assert reader.value("SELECT COUNT(*) FROM t") == 2


@pytest.mark.parametrize(
    "restart", ["TRUNCATE TABLE t", "ALTER TABLE t DISABLE CHANGE_TRACKING; ALTER TABLE t ENABLE CHANGE_TRACKING"]
)
def test_what_is_no_longer_known_moves_the_first_valid_version(tracked, restart):
    assert tracked.value(VALID) == 0
    tracked.run("INSERT INTO t VALUES (3, 3); INSERT INTO t VALUES (4, 4)")
    tracked.run(restart)
    assert tracked.value(VALID) == 2
    assert tracked.rows(CHANGED.format(0)) == []


def test_the_catalogue_tells_what_is_tracked(tracked):
    assert tracked.rows("SELECT retention_period, retention_period_units_desc FROM sys.change_tracking_databases") == [
        (3, "DAYS")
    ]
    assert tracked.rows("SELECT OBJECT_NAME(object_id), min_valid_version FROM sys.change_tracking_tables") == [
        ("t", 0)
    ]


def test_tables_need_a_key_and_tracking_of_their_database(tracked):
    ask = tracked
    ask.run("CREATE TABLE heap (a int)")
    assert ask.refused("ALTER TABLE heap ENABLE CHANGE_TRACKING") == 4997
    assert ask.refused("SELECT * FROM CHANGETABLE(CHANGES heap, 0) AS c") == 22105
    assert ask.refused("ALTER TABLE t ENABLE CHANGE_TRACKING") == 4996
    assert ask.refused("ALTER DATABASE CURRENT SET CHANGE_TRACKING = OFF") == 22115
    ask.run("ALTER TABLE t DISABLE CHANGE_TRACKING; ALTER DATABASE CURRENT SET CHANGE_TRACKING = OFF")
    assert ask.value(CURRENT) is None
    assert ask.refused("ALTER TABLE t ENABLE CHANGE_TRACKING") == 22106
