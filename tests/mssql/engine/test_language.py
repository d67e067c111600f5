from __future__ import annotations

from decimal import Decimal

import pytest

from tds.contract import Column, Parameter, SqlError, SqlType
from tds.engine import open_engine


INT = SqlType("int")


@pytest.fixture
def t(ask):
    ask.run("CREATE TABLE t (id int PRIMARY KEY, a nvarchar(9)); INSERT INTO t VALUES (1, N'x'), (2, N'y')")
    return ask


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        (
            "a character varying(5), b double precision, c binary varying(3), d sysname, e dec, f numeric, g sys.int",
            None,
        ),
        (
            "a varchar(5) COLLATE Greek_CI_AS NULL CONSTRAINT df DEFAULT 'x' UNIQUE CLUSTERED WITH (FILLFACTOR = 80)",
            None,
        ),
        ("a uniqueidentifier ROWGUIDCOL NOT NULL DEFAULT NEWID(), timestamp, b AS 1 PERSISTED NOT NULL", None),
        ("a int NOT NULL, INDEX ix UNIQUE CLUSTERED (a), CONSTRAINT k PRIMARY KEY NONCLUSTERED (a) ON [PRIMARY]", None),
        ("a int, CONSTRAINT c CHECK (a > 1)", 40000),
        ("a int CONSTRAINT c", 102),
        ("a nope", 243),
        ("a char(max)", 102),
        ("a int CHECK (a > 1)", 40000),
        ("a varchar(5) COLLATE nope", 448),
        ("", 102),
    ],
)
def test_columns_are_written_in_many_ways(ask, columns, problem):
    sql = f"CREATE TABLE many ({columns}) ON [PRIMARY]"
    if problem is None:
        ask.run(sql)
        assert ask.rows("SELECT * FROM many") == []
    else:
        assert ask.refused(sql) == problem


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE t WITH NOCHECK ADD CONSTRAINT u UNIQUE (a)",
        "ALTER TABLE t REBUILD",
        "ALTER TABLE t DROP COLUMN IF EXISTS a",
        "ALTER INDEX ALL ON t REORGANIZE",
        "ALTER DATABASE test SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE",
        "ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON WITH NO_WAIT",
        "UPDATE STATISTICS t (a)",
        "SET ANSI_NULLS, QUOTED_IDENTIFIER ON; SET DEADLOCK_PRIORITY LOW; SET LOCK_TIMEOUT -1",
        "CREATE STATISTICS s ON t (a) WITH FULLSCAN",
        "CREATE UNIQUE NONCLUSTERED INDEX i ON t (a ASC, id DESC) WITH (ONLINE = ON) ON [PRIMARY]",
        "GRANT SELECT ON OBJECT::dbo.t TO x; DENY VIEW DATABASE STATE TO x; REVOKE VIEW DATABASE STATE TO x",
        "DELETE TOP (1) FROM t WITH (ROWLOCK)",
        "INSERT t (id) SELECT 7",
        "EXEC sys.sp_updatestats",
        "EXECUTE sp_executesql @stmt = N'SELECT 1'",
        "WAITFOR DELAY '00:00:00'",
        "SELECT id FROM (t AS x CROSS JOIN (SELECT 1 AS one) AS y)",
        "BEGIN TRANSACTION work; COMMIT TRANSACTION work; ; ;",
        "IF 1 = 2 BEGIN SELECT 1 END; ELSE SELECT 2",
        "/* one /* two */ */ SELECT 1 -- three",
        "SELECT t.id FROM t WITH (INDEX(0), NOLOCK), t AS u WITH (READCOMMITTED)",
        "SELECT ALL id FROM ((SELECT id FROM t) UNION (SELECT 3)) AS q",
    ],
)
def test_what_is_known_is_taken(t, sql):
    t.run(sql)


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("ALTER TABLE t SWITCH TO u", 40000),
        ("ALTER VIEW v AS SELECT 1", 40000),
        ("ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION", 102),
        ("DROP TRIGGER x", 40000),
        ("CREATE UNIQUE INDEX i ON t (a) WHERE a > 'b'", 40000),
        ("INSERT INTO t OUTPUT inserted.id INTO x VALUES (9, 'z')", 40000),
        ("SET TRANSACTION ISOLATION LEVEL CHAOS", 102),
        ("DECLARE x int", 102),
        ("DECLARE c CURSOR FOR SELECT 1", 40000),
        ("GRANT ON t TO x", 102),
        ("THROW", 102),
        ("SELECT $", 102),
        ('SELECT "a', 105),
        ("SELECT N'a", 105),
        ("SELECT * FROM (SELECT 1 AS a)", 102),
        ("SELECT * FROM (WITH c AS (SELECT 1 AS a) SELECT * FROM c) AS q", 102),
        ("SELECT ROW_NUMBER() OVER (PARTITION BY id) FROM t", 4112),
        ("SELECT NOPE() OVER (ORDER BY id) FROM t", 195),
        ("SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY id) OVER () FROM t", 40000),
        ("SELECT TOP x id FROM t", 102),
        ("SELECT *", 107),
        ("SELECT COUNT(*) + * FROM t", 102),
        ("SELECT CAST(0x01 AS decimal(5, 2))", 40000),
        ("SELECT CAST(0x01 AS float)", 529),
        ("SELECT CAST(CAST(1e39 AS float) AS real)", 8115),
        ("SELECT CAST('x' AS float)", 8114),
        ("SELECT CAST(1e30 AS int)", 8115),
        ("SELECT 1.0 % 0", 8134),
        ("SELECT CAST(1 AS decimal(5)) / 0", 8134),
        ("SELECT 1e0 / 0", 8134),
        ("SELECT 1e0 % 2", 402),
        ("SELECT -N'x'", 8117),
        ("SELECT CAST('/1/' AS hierarchyid) + 1", 8117),
        ("SELECT id FROM t WHERE CAST(NULL AS text) = 'x'", 306),
        ("SELECT id FROM t WHERE CAST(1 AS sql_variant) = 1", 40000),
        ("SELECT id FROM t WHERE id LIKE 'x'", 40000),
        ("SELECT CAST('2024-01-01' AS date) WHERE CAST('2024-01-01' AS date) = 1", 402),
        ("SELECT CONVERT(varbinary(3), '0xZZ', 1)", 8114),
        ("SELECT CONVERT(varchar(2), CAST(1.234 AS decimal(5, 3)))", 8115),
        ("SELECT DATALENGTH(1.5)", 40000),
        ("SELECT DATEADD(nope, 1, GETDATE())", 155),
        ("SELECT DATETRUNC(day, GETDATE())", 40000),
        ("SELECT SWITCHOFFSET(SYSDATETIMEOFFSET(), 'x')", 241),
        ("SELECT HAS_PERMS_BY_NAME('t', 'OBJECT', 'SELECT', 'a', 'COLUMN')", 40000),
        ("SELECT SERVERPROPERTY(a) FROM t", 40000),
        ("SELECT @@NOPE", 137),
        ("SELECT NOPE.id FROM t AS x", 4104),
        ("SELECT t.id FROM t CROSS APPLY (t AS u JOIN t AS v ON 1 = 1)", 40000),
        ("SELECT STRING_AGG(id, ',') FROM t", 40000),
    ],
)
def test_what_is_not_known_is_refused(t, sql, number):
    assert t.refused(sql) == number


def test_small_things_of_the_language(t):
    assert t.rows("SELECT DATALENGTH(1), DATALENGTH(0x0102), DATALENGTH('é'), HASHBYTES('NOPE', 'a')") == [
        (4, 2, 1, None)
    ]
    assert t.column("SELECT CUME_DIST() OVER (ORDER BY id) FROM t") == [0.5, 1.0]
    assert t.value("SELECT 12345678901234567890") == Decimal(12345678901234567890)
    assert t.value("SELECT NULL + NULL") is None
    assert t.rows("SELECT 'a' AS 'quoted name', [t].[a] b FROM t WHERE id = 1") == [("a", "x")]
    assert t.column("SELECT id FROM t WHERE a LIKE N'[xz]%' OR a LIKE N'[' ORDER BY id") == [1]
    assert t.column("SELECT t.id FROM t LEFT OUTER JOIN t AS u ON u.id > t.id AND u.id > 1 WHERE u.id IS NULL") == [2]
    assert t.column("SELECT id FROM t WHERE a IN (SELECT N'X ') AND NULL IS NULL AND -id < +0") == [1]
    assert t.value("DECLARE @a int = 1, @b AS decimal(5, 2) = 1.5; SET @a = @a + 1; SELECT @a * @b") == Decimal("3.00")
    assert t.value("SELECT CAST(1 AS bigint) / CAST(2 AS tinyint)") == 0
    assert t.value("SELECT CASE WHEN 'a' IN ('b', NULL) THEN 1 WHEN NOT EXISTS (SELECT 1 WHERE 1 = 2) THEN 2 END") == 2
    assert t.value("SELECT CAST(CAST(1.5 AS sql_variant) AS varchar(9))") == "1.5"


def test_the_engine_describes_calls_and_replaces(engine, ask):
    session = ask.session
    engine.create("made", (Column("a", INT, identity=True),), [(1,)])
    engine.create("made", (Column("b", INT),), iter([(2,)]))
    assert ask.rows("SELECT b FROM made") == [(2,)]
    assert [one.name for one in engine.describe(session, "DECLARE @x int; SELECT @P1 AS p, @x AS x, b FROM made",
                                                (Parameter("@P1", INT, None),))] == ["p", "x", "b"]  # fmt: skip
    assert engine.describe(session, "DELETE FROM made; SELECT TOP (@P1) b FROM made", (Parameter("@P1", INT, None),))
    assert engine.describe(session, "SET NOCOUNT ON", ()) == ()
    with pytest.raises(SqlError, match="depends on a condition"):
        engine.describe(session, "IF 1 = 1 SELECT 1 AS a", ())
    assert [type(one).__name__ for one in engine.call(session, "sp_reset_connection", ())] == ["Done"]
    (described,) = engine.call(
        session, "sp_describe_first_result_set", (Parameter("@tsql", INT, "SELECT b FROM made"),)
    )
    assert len(list(described.rows)) == 1
    with pytest.raises(SqlError, match="undeclared"):
        list(engine.call(session, "sp_describe_undeclared_parameters", (Parameter("", INT, "SELECT @a"),)))


def test_sessions_of_other_databases(asked):
    engine = open_engine(("one", "two"))
    ask = asked(engine)
    ask.session.database = "two"
    ask.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
    ask.session.database = "ONE"
    assert ask.rows("SELECT a FROM two.dbo.t") == ask.rows("SELECT a FROM two..t") == [(1,)]
    assert sorted(engine.databases()) == ["master", "one", "two"]
    ask.session.database = "three"
    assert ask.refused("SELECT 1") == 4060
