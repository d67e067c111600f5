from __future__ import annotations

from decimal import Decimal

import pytest

from tds.contract import SqlError, SqlType


@pytest.fixture
def shop(ask):
    ask.run(
        """CREATE TABLE people (id int PRIMARY KEY, name nvarchar(20), boss int);
        INSERT INTO people VALUES (1, N'Ærø', NULL), (2, N'bo', 1), (3, N'Bo ', 1), (4, NULL, 9);
        CREATE TABLE orders (id int IDENTITY PRIMARY KEY, who int, price decimal(9, 2));
        INSERT INTO orders (who, price) VALUES (1, 1.5), (1, 2.25), (2, NULL), (7, 10)"""
    )
    return ask


def test_null_comes_first_and_last_when_descending(shop):
    assert shop.column("SELECT boss FROM people ORDER BY boss, id") == [None, 1, 1, 9]
    assert shop.column("SELECT boss FROM people ORDER BY boss DESC, id") == [9, 1, 1, None]


def test_texts_are_equal_without_case_and_spaces(shop):
    assert shop.column("SELECT id FROM people WHERE name = 'BO' ORDER BY id") == [2, 3]
    assert shop.column("SELECT id FROM people WHERE name = 'bo' COLLATE Latin1_General_CS_AS") == [2]
    assert shop.column("SELECT COUNT(*) FROM people GROUP BY name ORDER BY 1") == [1, 1, 2]


def test_null_is_neither_equal_nor_unequal_nor_in_a_list_with_null(shop):
    assert shop.column("SELECT id FROM people WHERE boss = NULL OR boss <> NULL") == []
    assert shop.column("SELECT id FROM people WHERE id NOT IN (2, NULL)") == []
    assert shop.column("SELECT id FROM people WHERE id NOT IN (SELECT boss FROM people)") == []
    assert shop.column("SELECT id FROM people WHERE NOT (boss = 1 AND id = 2) ORDER BY id") == [1, 3, 4]


@pytest.mark.parametrize(
    ("join", "pairs"),
    [
        ("JOIN", [(1, 1), (1, 2), (2, 3)]),
        ("LEFT JOIN", [(1, 1), (1, 2), (2, 3), (3, None), (4, None)]),
        ("RIGHT JOIN", [(None, 4), (1, 1), (1, 2), (2, 3)]),
        ("FULL JOIN", [(None, 4), (1, 1), (1, 2), (2, 3), (3, None), (4, None)]),
    ],
)
@pytest.mark.parametrize("on", ["o.who = p.id", "NOT (o.who <> p.id)"])
def test_joins_with_and_without_equal_keys_agree(shop, join, pairs, on):
    assert shop.rows(f"SELECT p.id, o.id FROM people p {join} orders o ON {on} ORDER BY 1, 2") == pairs


def test_queries_inside_see_the_row_outside(shop):
    sql = "SELECT id FROM people p WHERE EXISTS (SELECT 1 FROM orders WHERE who = p.id AND price > 2)"
    assert shop.column(sql) == [1]
    counted = "SELECT (SELECT COUNT(*) FROM orders o WHERE o.who = p.id) FROM people p ORDER BY p.id"
    assert shop.column(counted) == [2, 1, 0, 0]
    applied = """SELECT p.id, o.price FROM people p
        OUTER APPLY (SELECT TOP (1) price FROM orders WHERE who = p.id ORDER BY price DESC) o
        WHERE p.id < 4 ORDER BY p.id"""
    assert shop.rows(applied) == [(1, Decimal("2.25")), (2, None), (3, None)]


def test_aggregates_leave_null_out_and_have_their_own_types(shop):
    sql = """SELECT COUNT(*), COUNT(price), SUM(price), AVG(price), MIN(price), COUNT(DISTINCT who), COUNT_BIG(*)
        FROM orders"""
    assert shop.rows(sql) == [(4, 3, Decimal("13.75"), Decimal("4.583333"), Decimal("1.50"), 3, 4)]
    kinds = [(one.type.name, one.type.precision, one.type.scale) for one in shop.columns(sql)]
    assert kinds[2:4] == [("decimal", 38, 2), ("decimal", 38, 6)]
    assert [kinds[0][0], kinds[-1][0]] == ["int", "bigint"]
    assert shop.rows("SELECT MAX(id), SUM(id), COUNT(id) FROM people WHERE id > 9") == [(None, None, 0)]


def test_windows_number_rank_and_part_rows(shop):
    sql = """SELECT id, ROW_NUMBER() OVER (ORDER BY boss, id), RANK() OVER (ORDER BY boss),
        DENSE_RANK() OVER (ORDER BY boss), NTILE(2) OVER (ORDER BY id), COUNT(*) OVER (PARTITION BY boss),
        SUM(id) OVER (ORDER BY id), LAG(id) OVER (ORDER BY id) FROM people ORDER BY id"""
    assert shop.rows(sql) == [
        (1, 1, 1, 1, 1, 1, 1, None),
        (2, 2, 2, 2, 1, 2, 3, 1),
        (3, 3, 2, 2, 2, 2, 6, 2),
        (4, 4, 4, 3, 2, 1, 10, 3),
    ]
    assert shop.column("SELECT PERCENT_RANK() OVER (ORDER BY id) FROM orders") == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_quantiles_of_a_derived_table(shop):
    sql = """SELECT part, MIN(id), MAX(id) FROM (SELECT id, NTILE(3) OVER (ORDER BY id) AS part FROM people) AS q
        GROUP BY part ORDER BY part"""
    assert shop.rows(sql) == [(1, 1, 2), (2, 3, 3), (3, 4, 4)]


def test_unions_take_the_type_that_both_have(shop):
    sql = "SELECT id FROM people WHERE id < 3 UNION SELECT 1.5 UNION ALL SELECT NULL ORDER BY 1"
    assert shop.column(sql) == [None, Decimal("1.0"), Decimal("1.5"), Decimal("2.0")]
    assert shop.column("SELECT id FROM people EXCEPT SELECT who FROM orders ORDER BY id") == [3, 4]
    assert shop.column("SELECT id FROM people INTERSECT SELECT who FROM orders ORDER BY id") == [1, 2]


def test_pages_and_tops(shop):
    assert shop.column("SELECT id FROM people ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY") == [2, 3]
    assert shop.column("SELECT TOP (@P1) id FROM people ORDER BY id DESC", (SqlType("int"), 2)) == [4, 3]
    assert shop.column("SELECT TOP 50 PERCENT id FROM people ORDER BY id") == [1, 2]
    assert shop.column("SELECT DISTINCT boss FROM people ORDER BY boss") == [None, 1, 9]


def test_ctes_and_views(shop):
    shop.run("CREATE VIEW cheap (number, price) AS SELECT id, price FROM orders WHERE price < 5")
    assert shop.column(
        "WITH c AS (SELECT price FROM cheap), d (p) AS (SELECT * FROM c) SELECT p FROM d ORDER BY p"
    ) == [
        Decimal("1.50"),
        Decimal("2.25"),
    ]
    found = shop.rows("SELECT c.name, t.name FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id "
                      "WHERE c.object_id = OBJECT_ID('dbo.cheap') ORDER BY c.column_id")  # fmt: skip
    assert found == [("number", "int"), ("price", "decimal")]


def test_results_say_which_columns_are_never_null(shop):
    columns = shop.columns(
        "SELECT p.id, o.id, name, 1, COUNT(*) OVER () FROM people p LEFT JOIN orders o ON o.who = p.id"
    )
    assert [one.nullable for one in columns] == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("SELECT * FROM (SELECT id FROM people ORDER BY id) AS q", 1033),
        ("SELECT * FROM (SELECT 1) AS q", 8155),
        ("SELECT * FROM (SELECT id, id FROM people) AS q", 8156),
        ("SELECT id, COUNT(*) FROM people", 8120),
        ("SELECT id FROM people p JOIN orders o ON o.who = p.id", 209),
        ("SELECT x.id FROM people", 4104),
        ("SELECT nope FROM people", 207),
        ("SELECT (SELECT id FROM people)", 512),
        ("SELECT id FROM people WHERE id", 4145),
        ("SELECT id FROM people WHERE COUNT(*) = 1", 147),
        ("SELECT id FROM people WHERE ROW_NUMBER() OVER (ORDER BY id) = 1", 4108),
        ("SELECT 1 UNION SELECT 1, 2", 205),
        ("SELECT 1 / 0", 8134),
        ("SELECT @nope", 137),
        ("SELECT FROM people", 102),
        ("SELECT 'a", 105),
        ("SELECT /* 1", 113),
        ("SELECT CAST(1 AS nope)", 243),
        ("SELECT nope(1)", 195),
        ("SELECT * FROM nowhere.dbo.people", 911),
        ("SELECT (1 = 1)", 102),
        ("SELECT id FROM people WHERE name = 'a' COLLATE nope_XX", 448),
        ("SELECT 1 WHERE CAST('<a/>' AS xml) = CAST('<a/>' AS xml)", 305),
        ("EXEC nope", 2812),
    ],
)
def test_errors_have_the_numbers_that_a_server_gives_them(shop, sql, number):
    assert shop.refused(sql) == number


@pytest.mark.parametrize(
    "sql",
    [
        "MERGE people AS t USING orders AS s ON 1 = 1 WHEN MATCHED THEN DELETE",
        "SELECT id FROM people FOR XML PATH",
        "DECLARE c CURSOR FOR SELECT 1",
        "BEGIN TRY SELECT 1 END TRY BEGIN CATCH END CATCH",
        "CREATE TRIGGER x ON people AFTER INSERT AS SELECT 1",
        "UPDATE people SET name = 'a' FROM orders",
        "SELECT SYSUTCDATETIME() AT TIME ZONE 'Central European Standard Time'",
        "SELECT CONVERT(varchar(30), GETDATE(), 131)",
        "CREATE TABLE f (id int REFERENCES people (id))",
        "SELECT TOP (1) WITH TIES id FROM people ORDER BY id",
    ],
)
def test_what_is_not_known_is_refused_in_words(shop, sql):
    with pytest.raises(SqlError, match="this server") as caught:
        shop.run(sql)
    assert caught.value.number == 40000
