from __future__ import annotations

import pytest

from tds.engine.catalogue import _VIEWS
from tds.rows import row_encoder


@pytest.fixture
def stocked(ask):
    ask.run(
        """CREATE TABLE t (id int IDENTITY PRIMARY KEY, name nvarchar(5) NOT NULL UNIQUE, price AS id * 2,
        d decimal(5, 2) DEFAULT 1, [when] datetime2(3),
        [at time] time(0), raw varbinary(max), f real, CONSTRAINT u UNIQUE (d, [when]));
        INSERT INTO t (name, [when]) VALUES (N'a', '2024-01-01'), (N'b', NULL); CREATE STATISTICS s ON t (d)
        """
    )
    ask.run("CREATE VIEW v AS SELECT id, name FROM t")
    ask.run("ALTER DATABASE CURRENT SET CHANGE_TRACKING = ON (CHANGE_RETENTION = 8 HOURS, AUTO_CLEANUP = OFF)")
    ask.run("ALTER TABLE t ENABLE CHANGE_TRACKING WITH (TRACK_COLUMNS_UPDATED = ON)")
    return ask


@pytest.mark.parametrize("view", sorted(_VIEWS))
def test_every_view_gives_rows_that_its_columns_hold(stocked, view):
    columns, rows = stocked.run(f"SELECT * FROM {view}")[-1]
    encode = row_encoder(columns)
    assert all(encode(row) for row in rows)
    if view not in {"sys.foreign_keys", "sys.synonyms", "sys.extended_properties"}:
        assert rows


@pytest.mark.parametrize(
    "call",
    [
        "sys.dm_db_stats_properties(OBJECT_ID('t'), 1)",
        "sys.dm_db_stats_histogram(OBJECT_ID('t'), 1)",
        "sys.fn_my_permissions('t', 'OBJECT')",
        "sys.dm_exec_describe_first_result_set(N'SELECT CAST(NULL AS geography) AS g, * FROM t', NULL, 0)",
    ],
)
def test_every_function_gives_rows_that_its_columns_hold(stocked, call):
    columns, rows = stocked.run(f"SELECT * FROM {call}")[-1]
    assert rows
    assert all(row_encoder(columns)(row) for row in rows)


def test_unknown_objects_have_no_statistics(stocked):
    for call in (
        "dm_db_stats_histogram(1, 1)",
        "dm_db_stats_histogram(OBJECT_ID('t'), 99)",
        "dm_db_stats_properties(1, 1)",
    ):
        assert stocked.rows(f"SELECT * FROM sys.{call}") == []
    assert stocked.refused("SELECT * FROM sys.nope(1)") == 208


def test_drivers_list_tables_columns_and_keys(stocked):
    assert [row[2:4] for row in stocked.rows("EXEC sp_tables")] == [("t", "TABLE"), ("v", "VIEW")]
    assert [row[2] for row in stocked.rows("EXEC sp_tables @table_name = 'T%', @table_type = '''TABLE'''")] == ["t"]
    assert [row[3] for row in stocked.rows("EXEC sp_columns_100 't', @column_name = 'n%'")] == ["name"]
    found = {row[3]: row[5:9] for row in stocked.rows("EXEC sp_columns 't'")}
    assert found["id"] == ("int identity", 10, 4, 0)
    assert found["d"] == ("decimal", 5, 5, 2)
    assert found["name"] == ("nvarchar", 5, 10, None)
    assert [row[3:5] for row in stocked.rows("EXEC sp_pkeys 't'")] == [("id", 1)]
    assert stocked.refused("EXEC sp_pkeys 't', NULL, NULL, 1") == 8144


def test_objects_have_properties(stocked):
    ask = stocked.value
    assert ask("SELECT OBJECTPROPERTY(OBJECT_ID('t'), 'TableHasPrimaryKey')") == 1
    assert ask("SELECT OBJECTPROPERTY(OBJECT_ID('v'), 'IsTable')") == 0
    assert ask("SELECT OBJECT_SCHEMA_NAME(OBJECT_ID('v'))") == "dbo"
    assert ask("SELECT OBJECT_NAME(1)") is None
    assert ask("SELECT DB_NAME(1)") == "master"
    assert ask("SELECT CAST(DATABASEPROPERTYEX('test', 'Updateability') AS varchar(20))") == "READ_WRITE"
    assert ask("SELECT DATABASEPROPERTYEX('nope', 'Updateability')") is None
    assert ask("SELECT CAST(CONNECTIONPROPERTY('net_transport') AS varchar(5))") == "TCP"
    assert ask("SELECT IS_MEMBER('db_owner') + IS_SRVROLEMEMBER('nope') + XACT_STATE()") == 1
    assert ask("SELECT CHANGE_TRACKING_MIN_VALID_VERSION(OBJECT_ID('v'))") is None
    assert ask("SELECT HAS_PERMS_BY_NAME('nope', 'OBJECT', 'SELECT')") is None
    assert ask("USE master; SELECT DB_NAME()") == "master"
    assert stocked.refused("USE nope") == 911


def test_indexes_views_and_schemas_come_and_go(stocked):
    stocked.run("CREATE SCHEMA s2")
    stocked.run(
        "CREATE INDEX a ON t (d DESC) WHERE d > 1; ALTER INDEX a ON t REBUILD; DROP INDEX a ON t; DROP STATISTICS t.s"
    )
    stocked.run(
        "ALTER TABLE t DROP CONSTRAINT u; DROP VIEW v; CREATE TABLE s2.x (a int NOT NULL, PRIMARY KEY CLUSTERED (a))"
    )
    assert stocked.column("SELECT COUNT(*) FROM sys.indexes WHERE object_id = OBJECT_ID('t')") == [2]
    assert stocked.refused("DROP SCHEMA s2") == 3729
    stocked.run(
        "DROP TABLE s2.x; DROP SCHEMA s2; DROP SCHEMA IF EXISTS s2; DROP VIEW IF EXISTS v; DROP TABLE IF EXISTS nope"
    )
    assert stocked.refused("DROP SCHEMA s2") == 15151
    assert stocked.refused("DROP INDEX a ON t") == 3701
    assert stocked.refused("CREATE SCHEMA dbo") == 2714


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("CREATE TABLE x (a int IDENTITY, b int IDENTITY)", 2744),
        ("CREATE TABLE x (a rowversion, b rowversion)", 2738),
        ("CREATE TABLE x (a varchar(9000))", 131),
        ("CREATE TABLE x (a decimal(5, 6))", 192),
        ("CREATE TABLE x (a datetime2(8))", 1002),
        ("CREATE VIEW x AS SELECT id FROM t ORDER BY id", 1033),
        ("CREATE VIEW x AS SELECT nope FROM t", 207),
        ("ALTER TABLE t ADD name int", 2705),
        ("ALTER TABLE t ALTER COLUMN [when] datetime2(3) NOT NULL", 515),
        ("ALTER TABLE t ALTER COLUMN nope int", 207),
        ("ALTER DATABASE nope SET ALLOW_SNAPSHOT_ISOLATION ON", 5011),
        ("ALTER DATABASE CURRENT SET CHANGE_TRACKING = ON", 5088),
        ("ALTER DATABASE CURRENT SET RECOVERY ON", 40000),
        ("EXEC sp_rename 't', 'v'", 15335),
        ("EXEC sp_rename 'nope', 'x'", 15225),
        ("DENY SELECT ON nope TO x", 15151),
        ("SET NOPE ON", 195),
        ("SET ROWCOUNT 5", 40000),
        ("SET FMTONLY ON", 40000),
        ("SET @x = 1", 137),
        ("DECLARE @t TABLE (a int)", 40000),
        ("INSERT INTO v VALUES (1, 'x')", 40000),
        ("INSERT INTO t EXEC x", 40000),
        ("INSERT INTO master.dbo.t VALUES (1)", 40000),
        ("UPDATE t SET id = 1", 8102),
        ("SELECT * FROM a.b.c.d", 7202),
        ("SELECT * FROM t WITH (NOPE)", 321),
        ("SELECT x.* FROM t", 107),
        ("SELECT id FROM t ORDER BY 9", 108),
        ("SELECT TOP (-1) id FROM t", 1060),
        ("SELECT DISTINCT name FROM t ORDER BY id", 145),
        ("SELECT id FROM t WHERE id IN (SELECT id, name FROM t)", 116),
        ("SELECT * FROM (VALUES (1)) AS q (a, b)", 8158),
        ("SELECT * FROM CHANGETABLE(CHANGES t, -1) AS c", 22114),
        ("SELECT * FROM CHANGETABLE(CHANGES nope, 1) AS c", 208),
        ("SELECT name.ToString() FROM t", 258),
        ("SELECT CAST('/1/' AS hierarchyid).Nope()", 6506),
        ("SELECT geography::Parse('LINESTRING(1 1, 2 2)')", 40000),
        ("SELECT CAST('/6000/' AS hierarchyid)", 40000),
        ("BACKUP DATABASE test TO DISK = 'x'", 40000),
        ("SELECT id FROM t WHERE name COLLATE Latin1_General_CI_AI = 'b' COLLATE Latin1_General_BIN2", 468),
    ],
)  # fmt: skip
def test_refusals_have_numbers(stocked, sql, number):
    assert stocked.refused(sql) == number


def test_samples_values_and_string_agg(stocked):
    assert stocked.column("SELECT id FROM t TABLESAMPLE (100 PERCENT)") == [1, 2]
    assert len(stocked.column("SELECT id FROM t TABLESAMPLE SYSTEM (1000 ROWS) REPEATABLE (1)")) in {0, 2}
    assert stocked.rows("SELECT * FROM (VALUES (1, 'a'), (2, NULL)) AS v (n, t)") == [(1, "a"), (2, None)]
    assert stocked.value("SELECT STRING_AGG(name, ',') FROM t") == "a,b"
    assert stocked.rows("SELECT t.id, v.name FROM t, v WHERE t.id = v.id AND t.id < 2 OPTION (RECOMPILE)") == [(1, "a")]
    first = "SELECT a = id, FIRST_VALUE(name) OVER (ORDER BY id DESC) AS [b c] FROM t ORDER BY a"
    assert stocked.rows(first) == [(1, "b"), (2, "b")]
