"""Incremental runs by a watermark of each type: nothing missing, nothing twice, whatever the boundary holds."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_core.watermark.config import WatermarkConfig
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import entity, go


# Each type with literals that lie close together, in the order of the server.
VALUES = {
    "tinyint": ["0", "1", "254", "255"],
    "int": ["-2147483648", "-1", "0", "7", "2147483647"],
    "bigint": ["-9223372036854775808", "0", "9007199254740993", "9223372036854775807"],
    "decimal(38, 10)": ["-1.0000000001", "0", "0.0000000001", "9999999999999999999999999999.9999999999"],
    "money": ["-922337203685477.5808", "0.0001", "922337203685477.5807"],
    "date": ["'0001-01-01'", "'2024-02-29'", "'9999-12-31'"],
    "datetime": ["'1753-01-01'", "'2024-01-01T10:00:00.003'", "'2024-01-01T10:00:00.007'", "'9999-12-31T23:59:59.997'"],
    "smalldatetime": ["'1900-01-01'", "'2024-01-01T10:00:00'", "'2024-01-01T10:01:00'", "'2079-06-06T23:59:00'"],
    "datetime2(0)": ["'2024-01-01T10:00:00'", "'2024-01-01T10:00:01'"],
    "datetime2(3)": ["'0001-01-01'", "'2024-01-01T10:00:00.001'", "'2024-01-01T10:00:00.002'"],
    "datetime2(6)": ["'2024-01-01T10:00:00.000001'", "'2024-01-01T10:00:00.000002'", "'9999-12-31T23:59:59.999999'"],
    "datetimeoffset(3)": ["'2024-01-01T10:00:00.001+02:00'", "'2024-01-01T10:00:00.001+00:00'"],
    "time(6)": ["'00:00:00'", "'10:00:00.000001'", "'23:59:59.999999'"],
    "binary(4)": ["0x00000000", "0x00000100", "0xFFFFFFFF"],
}


class Shop:
    """A table of the server, a store, and runs between them."""

    def __init__(self, place, home, folder, write, nulls="error"):
        self.place, self.home, self.folder, self.write = place, home, folder, write
        self.store = open_parquet_store(ParquetStoreConfig(path="lake/{entity}"), folder)
        self.watermark = WatermarkConfig(column="At", key=("Id",), nulls=nulls)

    def run(self, table):
        described = entity(
            self.home, self.store, name=table, run_type="incremental", write=self.write, watermark=self.watermark
        )
        report, _ = go(described)
        (outcome,) = report.tables
        assert not outcome.error, outcome.error
        return outcome

    def ids(self, table):
        frame = pl.read_parquet(self.folder / f"lake/{table}/**/*.parquet")
        return sorted(frame["Id"])


@pytest.fixture
def shop(place, open_home, tmp_path):
    def opened(write="append", engine="auto", nulls="error", **more):
        return Shop(place, open_home(table="{entity}", engine=engine, **more), tmp_path, write, nulls)

    return opened


@pytest.fixture
def make(place):
    def made(kind):
        name = place.name("shop")
        place.execute(f"CREATE TABLE {name} (Id int NOT NULL PRIMARY KEY, At {kind}, Name varchar(10))")
        return name

    return made


def insert(place, table, rows):
    for number, literal in rows:
        place.execute(f"INSERT INTO {table} (Id, At, Name) VALUES ({number}, {literal}, 'x')")


@pytest.mark.parametrize("kind", VALUES)
def test_rows_at_and_around_the_boundary_come_once(place, shop, make, engine, kind):
    table, runs = make(kind), shop(engine=engine)
    literals = VALUES[kind]
    middle = len(literals) // 2
    insert(place, table, [(n, literal) for n, literal in enumerate(literals[: middle + 1])])
    runs.run(table)
    at_boundary = [(100, literals[middle]), (101, literals[middle])]
    insert(place, table, at_boundary)
    insert(place, table, [(200 + n, literal) for n, literal in enumerate(literals[middle:])])
    runs.run(table)
    assert runs.ids(table) == sorted([row[0] for row in place.rows(f"SELECT Id FROM {table}")])
    assert runs.run(table).state == "kept"


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("kind", ["bigint", "decimal(38, 10)", "datetime", "datetime2(6)", "datetimeoffset(3)"])
def test_any_order_of_inserts_and_runs_loses_nothing_and_doubles_nothing(place, shop, make, kind, data):
    table, runs = make(kind), shop()
    literals, made = VALUES[kind], 0
    lowest = 0
    for _ in range(3):
        batch = data.draw(st.lists(st.integers(lowest, len(literals) - 1), max_size=4))
        insert(place, table, [(made + n, literals[at]) for n, at in enumerate(batch)])
        made += len(batch)
        lowest = max([lowest, *batch])
        runs.run(table)
    assert runs.ids(table) == list(range(made))


def test_an_upsert_brings_each_change_of_a_row_once(place, shop, make):
    table, runs = make("datetime2(3)"), shop(write="upsert")
    insert(place, table, [(n, "'2024-01-01T10:00:00.001'") for n in range(5)])
    runs.run(table)
    place.execute(f"UPDATE {table} SET At = '2024-01-01T10:00:00.002', Name = 'new' WHERE Id IN (1, 3)")
    outcome = runs.run(table)
    assert (outcome.rows.staged, outcome.rows.carried) == (2, 3)
    frame = pl.read_parquet(runs.folder / f"lake/{table}/*.parquet").sort("Id")
    assert frame["Name"].to_list() == ["x", "new", "x", "new", "x"]


@pytest.mark.parametrize(("nulls", "came"), [("include", [1, 2, 3]), ("once", [1, 2])])
def test_rows_without_a_value_come_as_the_flow_says(place, shop, make, nulls, came):
    table, runs = make("datetime2(3)"), shop(nulls=nulls)
    insert(place, table, [(1, "NULL"), (2, "'2024-01-01'")])
    runs.run(table)
    insert(place, table, [(3, "NULL")])
    runs.run(table)
    assert runs.ids(table) == came


def test_rows_without_a_value_stop_the_table_by_default(place, shop, make):
    table, runs = make("datetime2(3)"), shop()
    insert(place, table, [(1, "NULL"), (2, "'2024-01-01'")])
    described = entity(runs.home, runs.store, name=table, run_type="incremental", watermark=runs.watermark)
    assert "no value in the watermark's column 'At'" in go(described)[0].tables[0].error


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("uniqueidentifier", "cannot be a watermark"),
        ("float", "cannot be a watermark"),
        ("bit", "cannot be a watermark"),
        ("varchar(20)", "is text"),
    ],
)
def test_columns_that_cannot_be_followed_are_refused_with_the_reason(place, shop, make, kind, words):
    table, runs = make(kind), shop()
    described = entity(runs.home, runs.store, name=table, run_type="incremental", watermark=runs.watermark)
    assert words in go(described)[0].tables[0].error
    assert place.rows(f"SELECT COUNT(*) FROM {table}") == [(0,)]
