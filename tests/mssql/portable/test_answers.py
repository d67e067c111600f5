"""The same questions to the test server and, where HYGGE_TEST_MSSQL names one, to a real server.

What is here passes on both, so the test server's engine may be trusted with it.
"""

from __future__ import annotations

import threading
from contextlib import closing

import pytest


pytest.importorskip("pyodbc", reason="no ODBC manager", exc_type=ImportError)

EXPRESSIONS = [
    ("7 / 2", "3"),
    ("-7 / 2", "-3"),
    ("-7 % 3", "-1"),
    ("CAST(7 AS decimal(5, 2)) / 2", "3.500000"),
    ("CAST(1 AS decimal(38, 20)) * CAST(1 AS decimal(38, 20))", "1.000000"),
    ("CAST(1 AS decimal(38, 10)) + CAST(1 AS decimal(38, 10))", "2.0000000000"),
    ("CAST(1.005 AS decimal(5, 2))", "1.01"),
    ("CAST(-1.005 AS decimal(5, 2))", "-1.01"),
    ("CAST(2.9 AS int)", "2"),
    ("CAST(CAST(2.5 AS money) AS int)", "3"),
    ("CAST('  12 ' AS int)", "12"),
    ("CAST(1.23456 AS money)", "1.23"),
    ("CONVERT(nvarchar(30), CAST(1.23456 AS money), 2)", "1.2346"),
    ("CONVERT(varchar(23), CAST('2024-01-01T00:00:00.002' AS datetime), 121)", "2024-01-01 00:00:00.003"),
    ("CONVERT(varchar(23), CAST('2024-01-01T00:00:00.999' AS datetime), 121)", "2024-01-01 00:00:01.000"),
    ("CAST(CAST('2024-01-01 10:30:29' AS smalldatetime) AS datetime2(0))", "2024-01-01 10:30:00"),
    ("CAST('0001-01-01 00:00:00.0000001' AS datetime2(7))", "0001-01-01 00:00:00.0000001"),
    ("CAST(CAST('9999-12-31 23:59:58.9999999' AS datetime2(7)) AS datetime2(3))", "9999-12-31 23:59:59.000"),
    ("CAST('2024-06-01 12:00:00 +02:00' AS datetimeoffset(0))", "2024-06-01 12:00:00 +02:00"),
    ("SWITCHOFFSET(CAST('2024-06-01 12:00:00 +02:00' AS datetimeoffset(0)), '-05:30')", "2024-06-01 04:30:00 -05:30"),
    ("DATEPART(tzoffset, CAST('2024-06-01 12:00:00 -05:30' AS datetimeoffset(0)))", "-330"),
    ("DATEDIFF(day, '2024-02-28T23:59:59', '2024-03-01')", "2"),
    ("DATEDIFF(month, '2024-01-31', '2024-02-01')", "1"),
    ("DATEADD(month, 1, CAST('2024-01-31' AS date))", "2024-02-29"),
    ("DATEADD(nanosecond, 150, CAST('2024-01-01' AS datetime2(7)))", "2024-01-01 00:00:00.0000002"),
    ("CAST('12:34:56.7654321' AS time(3))", "12:34:56.765"),
    ("CAST(CAST(0x0102030405060708090A0B0C0D0E0F10 AS uniqueidentifier) AS char(36))",
     "04030201-0605-0807-090A-0B0C0D0E0F10"),
    ("CONVERT(varchar(20), CAST(258 AS binary(4)), 1)", "0x00000102"),
    ("CAST(CAST(0x00000000000007D1 AS binary(8)) AS bigint)", "2001"),
    ("LEN(N'ab  ')", "2"),
    ("DATALENGTH(N'ab  ')", "8"),
    ("DATALENGTH(N'😀')", "4"),
    ("CAST(N'abc' AS nvarchar(2))", "ab"),
    ("CASE WHEN 'a' = 'A' COLLATE Latin1_General_CI_AS THEN 1 ELSE 0 END", "1"),
    ("CASE WHEN 'a' = 'A' COLLATE Latin1_General_BIN2 THEN 1 ELSE 0 END", "0"),
    ("CASE WHEN 'a' = 'a   ' THEN 1 ELSE 0 END", "1"),
    ("CASE WHEN N'é' = N'e' COLLATE Latin1_General_CI_AI THEN 1 ELSE 0 END", "1"),
    ("CASE WHEN NULL = NULL THEN 1 ELSE 0 END", "0"),
    ("CASE WHEN 'abc' LIKE 'a[b-c]_' THEN 1 ELSE 0 END", "1"),
    ("CASE WHEN 'a_c' LIKE 'a!_c' ESCAPE '!' THEN 1 ELSE 0 END", "1"),
    ("COALESCE(NULL, 1, 2.5)", "1.0"),
    ("ISNULL(CAST(NULL AS varchar(2)), 'abcdef')", "ab"),
    ("NULLIF(1, 1)", None),
    ("TRY_CAST('x' AS int)", None),
    ("ROUND(CAST(2.345 AS decimal(5, 3)), 2)", "2.350"),
    ("FLOOR(CAST(-1.5 AS decimal(5, 2)))", "-2"),
    ("CHARINDEX('B', 'abc')", "2"),
    ("QUOTENAME('a]b')", "[a]]b]"),
    ("CONCAT('a', NULL, 1)", "a1"),
    ("REPLACE('aXbx', 'x', '-')", "a-b-"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "text"), EXPRESSIONS)
def test_an_expression_has_the_value_that_sql_server_gives_it(place, expression, text):
    ((value,),) = place.rows(f"SELECT CONVERT(nvarchar(4000), {expression})")
    assert value == text


ERRORS = [
    ("SELECT 1 / 0", 8134),
    ("SELECT CAST('x' AS int)", 245),
    ("SELECT CAST(300 AS tinyint)", 8115),
    ("SELECT CAST('2023-02-30' AS date)", 241),
    ("SELECT CAST('x' AS uniqueidentifier)", 8169),
    ("SELECT * FROM hygge_no_such_table", 208),
    ("SELECT name FROM (SELECT name FROM sys.tables ORDER BY name) AS q", 1033),
    ("SELECT nope FROM sys.tables", 207),
]


@pytest.mark.parametrize(("sql", "number"), ERRORS)
def test_an_error_has_the_number_that_sql_server_gives_it(place, sql, number):
    import pyodbc

    with pytest.raises(pyodbc.Error, match=rf"\({number}\)"):
        place.rows(sql)


def test_uniqueidentifiers_come_in_the_servers_own_order(place, make):
    guids = (
        "00000000-0000-0000-0000-010000000000",
        "00000000-0000-0000-0100-000000000000",
        "00000000-0000-0100-0000-000000000000",
        "00000000-0100-0000-0000-000000000000",
        "01000000-0000-0000-0000-000000000000",
        "00000001-0000-0000-0000-000000000000",
    )
    name = make("g uniqueidentifier", *(f"'{guid}'" for guid in guids))
    found = [str(guid).lower() for (guid,) in place.rows(f"SELECT g FROM {name} ORDER BY g")]
    assert found == [guids[number] for number in (4, 5, 3, 2, 1, 0)]


def test_null_is_the_lowest_value(place, make):
    name = make("id int NULL", "2", "NULL", "1")
    assert place.rows(f"SELECT id FROM {name} ORDER BY id") == [(None,), (1,), (2,)]


def test_a_rowversion_moves_with_every_write_and_an_open_one_is_active(place, make, able):
    able("rowversion")
    name = make("id int PRIMARY KEY, rv rowversion")
    place.execute(f"INSERT INTO {name} (id) VALUES (1)")
    ((before,),) = place.rows(f"SELECT CAST(rv AS bigint) FROM {name}")
    with closing(place.connect()) as other:
        other.autocommit = False
        with closing(other.cursor()) as cursor:
            cursor.execute(f"INSERT INTO {name} (id) VALUES (2)")
            ((lowest,),) = place.rows("SELECT CAST(MIN_ACTIVE_ROWVERSION() AS bigint)")
            place.execute(f"INSERT INTO {name} (id) VALUES (3)")
            other.commit()
    rows = dict(place.rows(f"SELECT id, CAST(rv AS bigint) FROM {name}"))
    assert before < lowest <= rows[2] < rows[3]


def test_a_snapshot_does_not_move(place, make, able):
    able("snapshot")
    name = make("id int PRIMARY KEY", "1")
    with closing(place.connect()) as reader, closing(reader.cursor()) as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRANSACTION")
        assert cursor.execute(f"SELECT COUNT(*) FROM {name}").fetchval() == 1
        place.execute(f"INSERT INTO {name} VALUES (2)")
        assert cursor.execute(f"SELECT COUNT(*) FROM {name}").fetchval() == 1
        cursor.execute("COMMIT")
        assert cursor.execute(f"SELECT COUNT(*) FROM {name}").fetchval() == 2


def test_a_transaction_that_began_otherwise_gets_no_snapshot(place, make, able):
    import pyodbc

    able("snapshot")
    name = make("id int PRIMARY KEY", "1")
    with closing(place.connect()) as reader, closing(reader.cursor()) as cursor:
        cursor.execute("BEGIN TRANSACTION; SET TRANSACTION ISOLATION LEVEL SNAPSHOT")
        with pytest.raises(pyodbc.Error, match=r"\(3951\)"):
            cursor.execute(f"SELECT id FROM {name}").fetchall()


def test_a_dirty_reader_sees_what_is_not_committed(place, make):
    name = make("id int PRIMARY KEY", "1")
    with closing(place.connect()) as writer:
        writer.autocommit = False
        with closing(writer.cursor()) as cursor:
            cursor.execute(f"INSERT INTO {name} VALUES (2)")
            assert place.rows(f"SELECT COUNT(*) FROM {name} WITH (NOLOCK)") == [(2,)]
            writer.rollback()
    assert place.rows(f"SELECT COUNT(*) FROM {name}") == [(1,)]


def test_a_writer_waits_for_the_writer_before_it(place, make):
    name = make("id int PRIMARY KEY, n int", "1, 1")
    with closing(place.connect()) as first, closing(place.connect()) as second:
        first.autocommit = False
        with closing(first.cursor()) as cursor:
            cursor.execute(f"UPDATE {name} SET n = n + 1")
            waiting = threading.Thread(target=second.execute, args=(f"UPDATE {name} SET n = n * 10",))
            waiting.start()
            first.commit()
        waiting.join(timeout=60)
        assert not waiting.is_alive()
    assert place.rows(f"SELECT n FROM {name}") == [(20,)]


def test_a_result_is_described_without_running_it(place, make, able):
    able("describe")
    name = make("id int NOT NULL, a decimal(9, 2), t datetime2(3), u nvarchar(7)")
    found = place.rows("EXEC sp_describe_first_result_set @tsql = ?", f"SELECT id, a, t, u, 1 AS one FROM {name}")
    assert [(row[2], bool(row[3]), row[5]) for row in found] == [
        ("id", False, "int"),
        ("a", True, "decimal(9,2)"),
        ("t", True, "datetime2(3)"),
        ("u", True, "nvarchar(7)"),
        ("one", False, "int"),
    ]


def test_the_catalogue_describes_a_table(place, make):
    name = make("id int IDENTITY PRIMARY KEY, a nvarchar(5) NOT NULL, b AS a + N'x', c varbinary(max), m money")
    found = place.rows(
        """SELECT c.name, t.name, c.max_length, c.precision, c.scale, c.is_nullable, c.is_identity, c.is_computed
        FROM sys.columns AS c JOIN sys.types AS t ON t.user_type_id = c.user_type_id
        WHERE c.object_id = OBJECT_ID(?) ORDER BY c.column_id""",
        name,
    )
    assert [tuple(row) for row in found] == [
        ("id", "int", 4, 10, 0, False, True, False),
        ("a", "nvarchar", 10, 0, 0, False, False, False),
        ("b", "nvarchar", 12, 0, 0, False, False, True),
        ("c", "varbinary", -1, 0, 0, True, False, False),
        ("m", "money", 8, 19, 4, True, False, False),
    ]


def test_the_servers_books_know_the_rows(place, make, able):
    able("partitions")
    name = make("id int PRIMARY KEY", "1", "2", "3")
    sql = "SELECT SUM(rows) FROM sys.partitions WHERE object_id = OBJECT_ID(?) AND index_id IN (0, 1)"
    assert place.rows(sql, name) == [(3,)]


def test_clr_types_are_written_as_text(place, able):
    able("clr_types")
    found = place.rows(
        """SELECT CAST('/1/2/' AS hierarchyid).ToString(), CONVERT(varchar(10), CAST(CAST('/1/' AS hierarchyid) AS
        varbinary(8)), 1), geography::Point(47.5, -122.25, 4326).STAsText()"""
    )
    assert [tuple(row) for row in found] == [("/1/2/", "0x58", "POINT (-122.25 47.5)")]
