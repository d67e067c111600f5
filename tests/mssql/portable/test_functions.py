"""Functions and casts: the same questions to the test server and to a real one."""

from __future__ import annotations

import pytest


pytest.importorskip("pyodbc", reason="no ODBC manager", exc_type=ImportError)

FINE = "CAST('2024-02-29 13:45:56.1234567' AS datetime2(7))"
EXPRESSIONS = [
    ("SUBSTRING('abcdef', 2, 3)", "bcd"),
    ("SUBSTRING('abc', 0, 2)", "a"),
    ("CONVERT(varchar(9), SUBSTRING(0x010203, 2, 1), 1)", "0x02"),
    ("LEFT('abc', 2) + RIGHT('abc', 1)", "abc"),
    ("LTRIM(RTRIM('  a ')) + '.'", "a."),
    ("UPPER('aø') + LOWER('AØ')", "AØaø"),
    ("REVERSE('abc')", "cba"),
    ("REPLICATE('ab', 3)", "ababab"),
    ("REPLICATE('ab', -1)", None),
    ("'[' + SPACE(2) + ']'", "[  ]"),
    ("ASCII('a')", "97"),
    ("UNICODE(N'Ω')", "937"),
    ("CHAR(65) + NCHAR(937)", "AΩ"),
    ("CHARINDEX('c', 'abcabc', 4)", "6"),
    ("CHARINDEX('C', 'abc' COLLATE Latin1_General_BIN2)", "0"),
    ("REPLACE('aXbx' COLLATE Latin1_General_BIN2, 'x', '-')", "aXb-"),
    ("PARSENAME('db.dbo.[t.x]', 1)", "t.x"),
    ("QUOTENAME('a', '''')", "'a'"),
    ("CONVERT(varchar(70), HASHBYTES('MD5', 'a'), 2)", "0CC175B9C0F1B6A831C399E269772661"),
    ("ABS(CAST(-1.5 AS decimal(5, 2)))", "1.50"),
    ("SIGN(-3)", "-1"),
    ("CEILING(CAST(1.2 AS decimal(5, 2)))", "2"),
    ("CEILING(CAST(1.2 AS float))", "2"),
    ("FLOOR(7)", "7"),
    ("POWER(2, 10)", "1024"),
    ("SQRT(16)", "4"),
    ("ROUND(2.567, 2, 1)", "2.560"),
    ("ROUND(1250, -2)", "1300"),
    (f"YEAR({FINE}) * 10000 + MONTH({FINE}) * 100 + DAY({FINE})", "20240229"),
    (f"DATENAME(month, {FINE}) + DATENAME(weekday, {FINE})", "FebruaryThursday"),
    (f"DATEPART(quarter, {FINE}) * 1000 + DATEPART(dayofyear, {FINE})", "1060"),
    (f"DATEPART(weekday, {FINE})", "5"),
    (f"DATEPART(iso_week, {FINE})", "9"),
    (f"DATEPART(hour, {FINE}) * 10000 + DATEPART(minute, {FINE}) * 100 + DATEPART(second, {FINE})", "134556"),
    (f"DATEPART(ms, {FINE})", "123"),
    (f"DATEPART(mcs, {FINE})", "123456"),
    (f"DATEPART(ns, {FINE})", "123456700"),
    (f"DATEDIFF(week, '2024-03-02', '2024-03-03') + DATEDIFF(year, {FINE}, '2025-01-01')", "2"),
    (f"DATEDIFF(quarter, '2024-03-31', '2024-04-01') + DATEDIFF(hour, {FINE}, '2024-02-29 14:00')", "2"),
    ("DATEDIFF_BIG(ns, CAST('2024-01-01' AS datetime2), CAST('2024-01-02' AS datetime2))", "86400000000000"),
    ("DATEDIFF(minute, CAST('2024-01-01 00:00 +02:00' AS datetimeoffset), CAST('2024-01-01' AS datetimeoffset))",
     "120"),
    (f"EOMONTH({FINE})", "2024-02-29"),
    ("DATEFROMPARTS(2024, 2, 29)", "2024-02-29"),
    ("DATEADD(year, 1, CAST('2024-02-29' AS date))", "2025-02-28"),
    ("DATEADD(week, 1, CAST('2024-02-29' AS date))", "2024-03-07"),
    ("DATEADD(hour, 2, CAST('23:30' AS time(0)))", "01:30:00"),
    ("DATEADD(second, 1, CAST('2024-01-01 00:00:59 +01:00' AS datetimeoffset(0)))", "2024-01-01 00:01:00 +01:00"),
    ("TODATETIMEOFFSET(CAST('2024-01-01 10:00' AS datetime2(0)), '+02:00')", "2024-01-01 10:00:00 +02:00"),
    ("TODATETIMEOFFSET(CAST('2024-01-01 10:00' AS datetime2(0)), -90)", "2024-01-01 10:00:00 -01:30"),
    ("CAST('2024-01-01 10:00' AS datetime2(0)) AT TIME ZONE 'UTC'", "2024-01-01 10:00:00 +00:00"),
    ("CAST('2024-01-01 10:00 +02:00' AS datetimeoffset(0)) AT TIME ZONE 'UTC'", "2024-01-01 08:00:00 +00:00"),
    (f"CONVERT(varchar(30), {FINE}, 120)", "2024-02-29 13:45:56"),
    (f"CONVERT(varchar(30), {FINE}, 126)", "2024-02-29T13:45:56.1234567"),
    (f"CONVERT(varchar(30), {FINE}, 112)", "20240229"),
    (f"CONVERT(varchar(30), {FINE}, 108)", "13:45:56"),
    (f"CONVERT(varchar(30), {FINE}, 23)", "2024-02-29"),
    ("CONVERT(varchar(30), CAST('2024-01-01 13:05' AS datetime))", "Jan  1 2024  1:05PM"),
    ("CAST('2024-01-01' AS datetime) + 1", "Jan  2 2024 12:00AM"),
    ("CAST('20240229' AS date)", "2024-02-29"),
    (f"CAST({FINE} AS date)", "2024-02-29"),
    (f"CAST({FINE} AS time(2))", "13:45:56.12"),
    ("CAST(CAST('13:45' AS time(0)) AS datetime2(0))", "1900-01-01 13:45:00"),
    ("CAST(CAST('2024-01-01' AS date) AS datetimeoffset(0))", "2024-01-01 00:00:00 +00:00"),
    (f"CAST({FINE} AS datetimeoffset(1))", "2024-02-29 13:45:56.1 +00:00"),
    ("6 & 3", "2"),
    ("6 | 3", "7"),
    ("6 ^ 3", "5"),
    ("~6", "-7"),
    ("-(-5)", "5"),
    ("CAST(7.5 AS decimal(4, 1)) % 2", "1.5"),
    ("CAST(1 AS money) / 3", "0.33"),
    ("CAST(1 AS smallmoney) + 1", "2.00"),
    ("CAST(1 AS float) / 4", "0.25"),
    ("CAST(0.1 AS real)", "0.1"),
    ("CAST(1234567 AS float)", "1.23457e+006"),
    ("CONVERT(varchar(30), CAST(0.1 AS float), 3)", "1.0000000000000001e-001"),
    ("CONVERT(varchar(30), CAST(0.1 AS float), 1)", "1.0000000e-001"),
    ("CONVERT(varchar(30), CAST(1234567.891 AS money), 1)", "1,234,567.89"),
    ("CAST(CAST('1.5' AS float) AS int)", "1"),
    ("CAST('1e3' AS float)", "1000"),
    ("CAST(CAST(1.5 AS float) AS decimal(5, 2))", "1.50"),
    ("CAST('true' AS bit)", "1"),
    ("CAST(5 AS bit)", "1"),
    ("CAST(0x0102 AS int)", "258"),
    ("CAST(0xFF AS tinyint)", "255"),
    ("CONVERT(varchar(20), CAST(1 AS bigint) * 1)", "1"),
    ("CONVERT(varchar(20), CAST('ab' AS varbinary(5)), 1)", "0x6162"),
    ("CONVERT(varchar(20), CAST(N'ab' AS varbinary(5)), 2)", "61006200"),
    ("CONVERT(varchar(20), CONVERT(varbinary(5), '0x0a0b', 1), 2)", "0A0B"),
    ("CONVERT(varchar(20), CONVERT(varbinary(5), '0a0b', 2), 1)", "0x0A0B"),
    ("CAST(0x6162 AS varchar(5))", "ab"),
    ("CONVERT(varchar(20), CAST(0x01 AS binary(3)), 1)", "0x010000"),
    ("CONVERT(varchar(20), 0x01 + 0x02, 1)", "0x0102"),
    ("CONVERT(varchar(40), CAST(CAST('04030201-0605-0807-090A-0B0C0D0E0F10' AS uniqueidentifier) AS binary(16)), 2)",
     "0102030405060708090A0B0C0D0E0F10"),
    ("CAST('{04030201-0605-0807-090A-0B0C0D0E0F10}' AS uniqueidentifier)", "04030201-0605-0807-090A-0B0C0D0E0F10"),
    ("CAST(12345 AS varchar(3))", "*"),
    ("CAST(CAST('<a>x</a>' AS xml) AS nvarchar(max))", "<a>x</a>"),
    ("CAST(SQL_VARIANT_PROPERTY(CAST(1.5 AS decimal(5, 2)), 'BaseType') AS nvarchar(20))", "decimal"),
    ("TRY_CONVERT(date, 'x')", None),
    ("IIF(1 < 2, 'a', 'b')", "a"),
    ("CASE 2 WHEN 1 THEN 'x' WHEN 2 THEN 'y' END", "y"),
    ("CASE WHEN 1 BETWEEN 1 AND 2 AND 3 NOT IN (1, 2) AND 'b' NOT LIKE 'a%' THEN 'yes' ELSE 'no' END", "yes"),
    ("CASE WHEN 1.0 = 1 AND CAST(1 AS float) = 1 AND CAST('2024-01-01' AS date) = '2024-01-01' THEN 1 ELSE 0 END", "1"),
    ("CASE WHEN 0x01 = 0x0100 THEN 1 ELSE 0 END", "1"),
    ("CASE WHEN 3 !< 3 AND 3 !> 3 AND 1 != 2 THEN 1 ELSE 0 END", "1"),
    ("TYPE_NAME(56) + CAST(TYPE_ID('int') AS varchar(5))", "int56"),
    ("CASE WHEN SCHEMA_NAME(SCHEMA_ID('dbo')) = 'dbo' AND DB_NAME(DB_ID()) = DB_NAME() THEN 1 ELSE 0 END", "1"),
    ("CASE WHEN @@TRANCOUNT = 0 AND @@MAX_PRECISION = 38 AND LEN(@@VERSION) > 0 AND @@SPID > 0 THEN 1 ELSE 0 END", "1"),
    ("CASE WHEN SYSUTCDATETIME() > '2024-01-01' AND GETDATE() > '2024-01-01' THEN 1 ELSE 0 END", "1"),
    ("CASE WHEN NEWID() <> NEWID() AND CURRENT_TIMESTAMP > '2024-01-01' THEN 1 ELSE 0 END", "1"),
    ("CASE WHEN SERVERPROPERTY('ProductVersion') IS NOT NULL AND SERVERPROPERTY('nope') IS NULL THEN 1 ELSE 0 END",
     "1"),
    ("CASE WHEN LEN(SUSER_SNAME() + ORIGINAL_LOGIN() + USER_NAME()) > 3 THEN 1 ELSE 0 END", "1"),
    ("HAS_DBACCESS(DB_NAME()) + HAS_PERMS_BY_NAME(NULL, NULL, 'VIEW ANY DATABASE') * 0", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "text"), EXPRESSIONS)
def test_an_expression_has_the_value_that_sql_server_gives_it(place, expression, text):
    ((value,),) = place.rows(f"SELECT CONVERT(nvarchar(4000), {expression})")
    assert value == text


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("SELECT CAST('2024-01-01' AS date) + 1", 206),
        ("SELECT CAST(1 AS date)", 529),
        ("SELECT SUBSTRING('abc', 1, -1)", 537),
        ("SELECT DATEDIFF(ns, '2000-01-01', '2024-01-01')", 535),
        ("SELECT DATEADD(year, 9000, CAST('2024-01-01' AS date))", 517),
        ("SELECT DATEFROMPARTS(2023, 2, 29)", 289),
        ("SELECT CAST(2147483647 AS int) + 1", 8115),
        ("SELECT 'a' - 'b'", 8117),
        ("SELECT SUM('a')", 8117),
        ("SELECT CAST(1 AS bit) + CAST(1 AS bit)", 8117),
        ("SELECT 1.5 & 1", 402),
        ("SELECT SQRT(-1)", 3623),
        ("SELECT CAST(NEWID() AS varchar(10))", 8170),
        (
            "SELECT name COLLATE Latin1_General_BIN2 FROM sys.tables WHERE 1 = 1 AND 1 COLLATE Latin1_General_BIN2 = 1",
            447,
        ),
        ("SELECT DATEPART(nope, GETDATE())", 155),
        ("SELECT DATEPART(tzoffset, CAST('2024-01-01' AS date))", 9810),
        ("SELECT LEN()", 174),
    ],
)
def test_an_error_has_the_number_that_sql_server_gives_it(place, sql, number):
    import pyodbc

    with pytest.raises(pyodbc.Error, match=rf"\({number}\)"):
        place.rows(sql)


def test_aggregates(place, make):
    name = make("g int, i int, m money, f float, t nvarchar(5)", "1, 1, 1.5, 0.5, 'a'", "1, 2, 2, 1.5, 'b'",
                "2, NULL, NULL, NULL, NULL")  # fmt: skip
    found = place.rows(
        f"""SELECT g, SUM(i), AVG(i), SUM(m), AVG(m), SUM(f), AVG(f), MIN(t), MAX(t), COUNT(DISTINCT t)
        FROM {name} GROUP BY g ORDER BY g"""
    )
    assert [[None if value is None else str(value) for value in row] for row in found] == [
        ["1", "3", "1", "3.5000", "1.7500", "2.0", "1.0", "a", "b", "2"],
        ["2", None, None, None, None, None, None, None, None, "0"],
    ]
