from __future__ import annotations

from decimal import Decimal

import pytest

from tds.contract import Column, Encoded, Rows, SqlType


INT = SqlType("int")
EVERY_TYPE = (
    "bit", "tinyint", "smallint", "int", "bigint", "decimal(38, 10)", "numeric(5)", "money", "smallmoney", "real",
    "float", "date", "time(3)", "datetime", "smalldatetime", "datetime2", "datetimeoffset(2)", "char(5)", "varchar(10)",
    "varchar(max)", "nchar(5)", "nvarchar(10)", "nvarchar(max)", "text", "ntext", "binary(4)", "varbinary(10)",
    "varbinary(max)", "image", "uniqueidentifier", "rowversion", "xml", "hierarchyid", "geography", "geometry",
    "sql_variant", "sysname",
)  # fmt: skip


def test_every_type_makes_a_column_and_holds_null(ask):
    for at, kind in enumerate(EVERY_TYPE):
        ask.run(f"CREATE TABLE t{at} (id int, c {kind} NULL); INSERT INTO t{at} (id) VALUES (1)")
        value = ask.value(f"SELECT c FROM t{at}")
        assert (value is None) == (kind != "rowversion"), kind


def test_identities_defaults_and_computed_columns_fill_themselves(ask):
    ask.run(
        """CREATE TABLE t (id bigint IDENTITY(10, 5) PRIMARY KEY, a int DEFAULT 7, twice AS a * 2 PERSISTED,
        name varchar(5) NOT NULL DEFAULT 'x', word AS UPPER(name))"""
    )
    ask.run("INSERT INTO t DEFAULT VALUES; INSERT INTO t (a, name) VALUES (DEFAULT, 'y'), (NULL, DEFAULT)")
    assert ask.rows("SELECT * FROM t ORDER BY id") == [
        (10, 7, 14, "x", "X"),
        (15, 7, 14, "y", "Y"),
        (20, None, None, "x", "X"),
    ]
    assert ask.value("SELECT SCOPE_IDENTITY()") == 20
    ask.run("SET IDENTITY_INSERT t ON; INSERT INTO t (id) VALUES (100); SET IDENTITY_INSERT t OFF")
    ask.run("INSERT INTO t DEFAULT VALUES; UPDATE t SET a += 1 WHERE id = 105")
    assert ask.rows("SELECT id, twice FROM t WHERE id > 99 ORDER BY id") == [(100, 14), (105, 16)]


def test_output_tells_what_was_written(ask):
    ask.run("CREATE TABLE t (id int PRIMARY KEY, a int)")
    assert ask.rows("INSERT INTO t OUTPUT inserted.id, inserted.a * 2 AS b VALUES (1, 2), (3, 4)") == [(1, 4), (3, 8)]
    assert ask.rows("UPDATE t SET a = 5 OUTPUT deleted.a, inserted.* WHERE id = 1") == [(2, 1, 5)]
    assert ask.rows("DELETE FROM t OUTPUT deleted.id") == [(1,), (3,)]


def test_rows_of_values_have_one_type_for_each_column(ask):
    ask.run("CREATE TABLE t (a nvarchar(20))")
    assert ask.refused("INSERT INTO t VALUES (1), ('x')") == 245
    ask.run("INSERT INTO t VALUES (1), (2.50)")
    assert ask.column("SELECT a FROM t") == ["1.00", "2.50"]


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("INSERT INTO t (id) VALUES (1)", 2627),
        ("INSERT INTO t (id, code) VALUES (3, 'AA ')", 2601),
        ("INSERT INTO t (id, need) VALUES (3, NULL)", 515),
        ("UPDATE t SET need = NULL", 515),
        ("INSERT INTO t (id, code) VALUES (3, 'abcdef')", 2628),
        ("INSERT INTO t (id, bytes) VALUES (3, 0x010203)", 2628),
        ("INSERT INTO t (id, rv) VALUES (3, 0x01)", 273),
        ("INSERT INTO t (id, twice) VALUES (3, 1)", 271),
        ("INSERT INTO t (id, nope) VALUES (3, 1)", 207),
        ("INSERT INTO t (id, need) VALUES (3)", 109),
        ("INSERT INTO t (id) VALUES (3, 4)", 213),
        ("INSERT INTO t (id) VALUES (3000000000)", 8115),
        ("INSERT INTO nope VALUES (1)", 208),
        ("CREATE TABLE t (a int)", 2714),
        ("CREATE TABLE u (a int, A int)", 2705),
        ("CREATE TABLE nope.u (a int)", 2760),
        ("DROP TABLE nope", 3701),
        ("CREATE UNIQUE INDEX u ON t (need)", 1505),
        ("CREATE INDEX u ON t (nope)", 1911),
        ("CREATE INDEX by_code ON t (need)", 1913),
        ("ALTER TABLE t ADD PRIMARY KEY (need)", 1779),
        ("ALTER TABLE t DROP COLUMN code", 5074),
    ],
)
def test_writes_are_refused_by_number_and_leave_everything_as_it_was(ask, sql, number):
    ask.run(
        """CREATE TABLE t (id int PRIMARY KEY, need int NOT NULL DEFAULT 1, code varchar(5), bytes varbinary(2),
        rv rowversion, twice AS id * 2); CREATE UNIQUE INDEX by_code ON t (code);
        INSERT INTO t (id, code) VALUES (1, 'aa'), (2, 'bb')"""
    )
    before = ask.rows("SELECT id, need, code FROM t")
    assert ask.refused(sql) == number
    assert ask.rows("SELECT id, need, code FROM t") == before


def test_keys_move_among_rows_in_one_statement(ask):
    ask.run("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3); UPDATE t SET id = id + 1")
    assert ask.column("SELECT id FROM t ORDER BY id") == [2, 3, 4]
    ask.run("DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (1), (2); UPDATE TOP (1) t SET id = 9 WHERE id = 4")
    assert ask.column("SELECT id FROM t ORDER BY id") == [1, 2, 3, 9]


def test_tables_are_altered_with_their_rows(ask):
    ask.run("CREATE TABLE t (a int, b varchar(5)); INSERT INTO t VALUES (1, 'x'), (2, NULL)")
    ask.run("ALTER TABLE t ADD c int NOT NULL DEFAULT 3, d AS a + 1; ALTER TABLE t DROP COLUMN b")
    assert ask.rows("SELECT * FROM t") == [(1, 3, 2), (2, 3, 3)]
    ask.run("ALTER TABLE t ALTER COLUMN c decimal(5, 1); EXEC sp_rename 't.c', 'e', 'COLUMN'")
    assert ask.rows("SELECT e FROM t") == [(Decimal("3.0"),), (Decimal("3.0"),)]
    ids = ask.rows("SELECT name, column_id FROM sys.columns WHERE object_id = OBJECT_ID('t') ORDER BY column_id")
    assert ids == [("a", 1), ("e", 3), ("d", 4)]
    ask.run("BEGIN TRAN; ALTER TABLE t ADD z int; ROLLBACK; EXEC sp_rename 't', 'u'")
    assert len(ask.columns("SELECT * FROM u")) == 3


def test_truncating_empties_and_counts_anew(ask):
    ask.run("CREATE TABLE t (id int IDENTITY PRIMARY KEY, a int); INSERT INTO t (a) VALUES (1), (2); TRUNCATE TABLE t")
    ask.run("INSERT INTO t (a) VALUES (3)")
    assert ask.rows("SELECT * FROM t") == [(1, 3)]


def test_batches_steer_themselves(ask):
    ask.run(
        "CREATE TABLE t (a int); DECLARE @i int = 0; WHILE @i < 5 BEGIN INSERT INTO t VALUES (@i); SET @i = @i + 1 END"
    )
    assert ask.value("DECLARE @n bigint; SELECT @n = COUNT(*) FROM t; IF @n = 5 SELECT 'yes' ELSE SELECT 'no'") == "yes"
    assert ask.said("PRINT 'a' + 'b'; RAISERROR('low', 10, 1)") == ["ab", "low"]
    assert ask.refused("RAISERROR('high', 16, 1)") == 50000
    assert ask.refused("THROW 50001, 'mine', 1") == 50001
    assert ask.value("EXEC sp_executesql N'SELECT @a + 1', N'@a int', @a = 4") == 5
    assert ask.value("EXEC ('SELECT 6')") == 6
    ask.run("SELECT a * 2 AS b INTO copy FROM t")
    assert ask.column("SELECT b FROM copy") == [0, 2, 4, 6, 8]


def test_the_count_of_rows_is_known_after_a_statement_and_kept_quiet_when_asked(ask):
    ask.run("CREATE TABLE t (a int)")
    assert [one.count for one in ask.run("INSERT INTO t VALUES (1), (2)")] == [2]
    assert ask.value("SELECT @@ROWCOUNT") == 2
    assert [one.count for one in ask.run("SET NOCOUNT ON; DELETE FROM t")] == [None, None]


def test_denied_permissions_have_their_own_error_and_end(ask, sessions):
    reader = sessions("reader")
    ask.run("CREATE TABLE t (a int); DENY SELECT ON t TO reader")
    assert reader.refused("SELECT * FROM t") == 229
    assert reader.value("SELECT HAS_PERMS_BY_NAME('t', 'OBJECT', 'SELECT')") == 0
    assert reader.value("SELECT HAS_PERMS_BY_NAME('t', 'OBJECT', 'INSERT')") == 1
    assert ask.rows("SELECT * FROM t") == []
    ask.run("REVOKE SELECT ON t FROM reader")
    assert reader.rows("SELECT * FROM t") == []


def test_tables_of_values_and_of_rows_made_while_read(engine, ask):
    columns = (Column("a", INT, nullable=False), Column("b", SqlType("nvarchar", length=5)))
    engine.create("kept", columns, [(1, "x"), (2, None)])
    assert ask.rows("SELECT b, a FROM kept WHERE a = 2") == [(None, 2)]
    assert ask.columns("SELECT a FROM kept")[0].nullable is False
    engine.create("made", columns, range(0))
    assert ask.rows("SELECT * FROM made") == []
    engine.create("counted", columns[:1], _Numbers(100_000))
    assert ask.value("SELECT COUNT(*) FROM counted") == 100_000
    assert ask.column("SELECT TOP (2) a FROM counted") == [0, 1]
    assert ask.refused("INSERT INTO counted VALUES (1)") == 3906
    block = Encoded(b"bytes", 3)
    engine.create("blocks", columns[:1], [block, block])
    (result,) = engine.execute(ask.session, "SELECT a FROM blocks", ())
    assert isinstance(result, Rows)
    assert list(result.rows) == [block, block]
    assert ask.refused("SELECT a + 1 FROM blocks") == 40000
    assert ask.refused("SELECT a FROM blocks WHERE a = 1") == 40000


class _Numbers:
    def __init__(self, count):
        self.count = count

    def __iter__(self):
        return ((number,) for number in range(self.count))
