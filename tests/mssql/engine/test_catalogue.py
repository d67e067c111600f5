from __future__ import annotations

import pytest

from tds.contract import SqlError
from tds.engine import open_engine


@pytest.fixture
def known(ask):
    ask.run("CREATE SCHEMA sales")
    ask.run(
        """CREATE TABLE sales.orders (id int IDENTITY(5, 1) NOT NULL CONSTRAINT pk PRIMARY KEY,
        code nvarchar(7) NOT NULL, price decimal(9, 2),
        made datetimeoffset(3), big varchar(max) COLLATE Latin1_General_BIN2, twice AS price * 2,
        rare int SPARSE NULL, rv rowversion, CONSTRAINT uq UNIQUE (code DESC));
        CREATE INDEX ix ON sales.orders (made, price) INCLUDE (code); CREATE STATISTICS st ON sales.orders (price);
        INSERT INTO sales.orders (code, price) VALUES ('a', 1), ('b', 2), ('c', NULL)"""
    )
    return ask


def test_columns_are_described_as_they_were_made(known):
    sql = """SELECT c.name, t.name, c.max_length, c.precision, c.scale, c.is_nullable, c.is_identity, c.is_computed,
        c.is_sparse FROM sys.columns AS c JOIN sys.types AS t ON t.user_type_id = c.user_type_id
        WHERE c.object_id = OBJECT_ID(N'[sales].[orders]') ORDER BY c.column_id"""
    assert known.rows(sql) == [
        ("id", "int", 4, 10, 0, False, True, False, False),
        ("code", "nvarchar", 14, 0, 0, False, False, False, False),
        ("price", "decimal", 5, 9, 2, True, False, False, False),
        ("made", "datetimeoffset", 9, 30, 3, True, False, False, False),
        ("big", "varchar", -1, 0, 0, True, False, False, False),
        ("twice", "numeric", 9, 11, 2, True, False, True, False),
        ("rare", "int", 4, 10, 0, True, False, False, True),
        ("rv", "timestamp", 8, 0, 0, False, False, False, False),
    ]
    collations = (
        "SELECT collation_name FROM sys.columns WHERE object_id = OBJECT_ID('sales.orders') AND name IN ('big', 'id')"
    )
    assert known.column(collations) == [None, "Latin1_General_BIN2"]


def test_indexes_name_their_columns_in_order(known):
    sql = """SELECT i.name, i.type_desc, i.is_unique, i.is_primary_key, c.name, k.key_ordinal, k.is_descending_key,
        k.is_included_column FROM sys.indexes i JOIN sys.index_columns k ON k.object_id = i.object_id
        AND k.index_id = i.index_id JOIN sys.columns c ON c.object_id = k.object_id AND c.column_id = k.column_id
        WHERE i.object_id = OBJECT_ID('sales.orders') ORDER BY i.index_id, k.index_column_id"""
    assert known.rows(sql) == [
        ("pk", "CLUSTERED", True, True, "id", 1, False, False),
        ("uq", "NONCLUSTERED", True, False, "code", 1, True, False),
        ("ix", "NONCLUSTERED", False, False, "made", 1, False, False),
        ("ix", "NONCLUSTERED", False, False, "price", 2, False, False),
        ("ix", "NONCLUSTERED", False, False, "code", 0, False, True),
    ]
    assert known.column("SELECT name FROM sys.key_constraints ORDER BY name") == ["pk", "uq"]
    assert known.column("SELECT name FROM sys.stats WHERE object_id = OBJECT_ID('sales.orders')") == [
        "pk",
        "uq",
        "ix",
        "st",
    ]


def test_row_counts_are_those_of_the_last_commit(known, sessions):
    partitions = (
        "SELECT SUM(rows) FROM sys.partitions WHERE object_id = OBJECT_ID('sales.orders') AND index_id IN (0, 1)"
    )
    stats = (
        "SELECT row_count FROM sys.dm_db_partition_stats WHERE object_id = OBJECT_ID('sales.orders') AND index_id < 2"
    )
    assert (known.value(partitions), known.value(stats)) == (3, 3)
    known.run("CREATE TABLE heap (a int); INSERT INTO heap VALUES (1)")
    heap = """SELECT i.type_desc, p.rows FROM sys.indexes i JOIN sys.partitions p ON p.object_id = i.object_id
        AND p.index_id = i.index_id WHERE i.object_id = OBJECT_ID('heap')"""
    assert known.rows(heap) == [("HEAP", 1)]
    sessions().run("DELETE FROM sales.orders")
    assert known.value(stats) == 0


def test_objects_are_found_by_every_way_of_writing_their_name(known):
    for name in ("sales.orders", "[sales].[orders]", "test.sales.orders", '"sales"."ORDERS"'):
        assert known.value(f"SELECT OBJECT_NAME(OBJECT_ID('{name}'))") == "orders"
    assert known.value("SELECT OBJECT_ID('orders')") is None
    assert known.value("SELECT OBJECT_ID('sales.orders', 'V')") is None
    assert known.value("SELECT SCHEMA_NAME(schema_id) FROM sys.tables") == "sales"
    assert known.value("SELECT DB_NAME()") == "test"
    assert known.value("SELECT COUNT(*) FROM test.sys.tables") == 1
    assert known.value("SELECT COUNT(*) FROM master.sys.tables") == 0


def test_a_first_result_is_described_without_running(known):
    sql = "EXEC sp_describe_first_result_set @tsql = N'SELECT *, 1 AS one FROM sales.orders', @params = NULL"
    names = [one.name for one in known.columns(sql)]
    found = [dict(zip(names, row, strict=True)) for row in known.rows(sql)]
    kinds = [(one["name"], one["system_type_name"], one["is_nullable"], one["is_identity_column"]) for one in found]
    assert kinds[:5] == [
        ("id", "int", False, True),
        ("code", "nvarchar(7)", False, False),
        ("price", "decimal(9,2)", True, False),
        ("made", "datetimeoffset(3)", True, False),
        ("big", "varchar(max)", True, False),
    ]
    assert found[5]["is_computed_column"]
    assert kinds[-1] == ("one", "int", False, False)
    function = "SELECT name FROM sys.dm_exec_describe_first_result_set(N'SELECT @a AS x', N'@a money', 0)"
    assert known.column(function) == ["x"]
    broken = "SELECT error_number FROM sys.dm_exec_describe_first_result_set(N'SELECT nope FROM sales.orders', NULL, 0)"
    assert known.column(broken) == [207]
    assert known.refused("EXEC sp_describe_first_result_set N'SELECT nope FROM sales.orders'") == 207


def test_the_histogram_of_a_column_covers_its_values(known):
    sql = """SELECT CAST(h.range_high_key AS int), h.equal_rows FROM sys.stats AS s
        CROSS APPLY sys.dm_db_stats_histogram(s.object_id, s.stats_id) AS h
        WHERE s.name = 'pk' ORDER BY h.step_number"""
    assert known.rows(sql) == [(5, 1.0), (6, 1.0), (7, 1.0)]


def test_the_standard_views_agree_with_the_catalogue(known):
    sql = "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM INFORMATION_SCHEMA.TABLES"
    assert known.rows(sql) == [("sales", "orders", "BASE TABLE")]
    columns = "SELECT DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'orders' ORDER BY ORDINAL_POSITION"
    assert known.column(columns)[:3] == ["int", "nvarchar", "decimal"]
    keys = "SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE WHERE CONSTRAINT_NAME = 'pk'"
    assert known.column(keys) == ["id"]


def test_a_server_may_lack_views_and_features(asked):
    engine = open_engine(lacks={"dm_db_partition_stats", "snapshot", "change_tracking", "sp_describe_first_result_set"})
    ask = asked(engine)
    ask.run("CREATE TABLE t (id int PRIMARY KEY)")
    assert ask.refused("SELECT * FROM sys.dm_db_partition_stats") == 208
    assert ask.refused("ALTER DATABASE CURRENT SET CHANGE_TRACKING = ON") == 40517
    assert ask.refused("SELECT CHANGE_TRACKING_CURRENT_VERSION()") == 40517
    assert ask.refused("EXEC sp_describe_first_result_set N'SELECT 1'") == 2812
    assert ask.value("SELECT snapshot_isolation_state FROM sys.databases WHERE name = 'test'") == 0
    ask.run("SET TRANSACTION ISOLATION LEVEL SNAPSHOT")
    with pytest.raises(SqlError, match="SNAPSHOT"):
        ask.run("SELECT * FROM t")
