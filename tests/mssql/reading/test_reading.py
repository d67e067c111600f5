"""Tables, views and queries are read by what the server's catalogue says of them."""

from __future__ import annotations

import polars as pl
import pytest

from hygge_core import HomeError
from hygge_core.home import Cancels, Counts, Isolated, Probes, Ranged, ReadRequest, ReadsInParts, Warns


@pytest.fixture(scope="module")
def orders(place):
    """A table of 500 rows, whose name is returned."""
    name = place.name("orders")
    place.execute(
        f"CREATE TABLE {name} (Id int NOT NULL PRIMARY KEY, [navn ø] nvarchar(40) NULL, Price decimal(10, 2) NOT NULL, "
        "At datetime2(3) NULL, Small tinyint NOT NULL)"
    )
    for start in range(0, 500, 100):
        values = ", ".join(
            f"({n}, N'row {n} 🏡', {n}.25, '2024-01-{n % 28 + 1:02} 10:00:00.123', {n % 256})"
            for n in range(start, start + 100)
        )
        place.execute(f"INSERT INTO {name} (Id, [navn ø], Price, At, Small) VALUES {values}")
    return name


def test_the_schema_is_the_catalogue_s_and_all_rows_come(read, orders, engine):
    reading = read(table=orders, engine=engine)
    assert reading.schema == {
        "Id": pl.Int32,
        "navn ø": pl.String,
        "Price": pl.Decimal(10, 2),
        "At": pl.Datetime("us"),
        "Small": pl.UInt8,
    }
    rows = pl.concat(reading.batches()).sort("Id")
    assert rows.height == 500
    assert rows["navn ø"][499] == "row 499 🏡"
    assert rows["Price"].sum() == pl.Series(["124875.00"]).str.to_decimal(scale=2)[0]


def test_engines_give_the_same_frames(table, orders):
    first, second = (table(table=orders, engine=engine).sort("Id") for engine in ("pyodbc", "arrow"))
    assert first.equals(second, null_equal=True)
    assert first.schema == second.schema


def test_batches_stay_near_the_size_that_was_asked_for(read, orders):
    reading = read(table=orders, engine="pyodbc", request=ReadRequest(entity="e", batch_bytes=4096))
    sizes = [batch.estimated_size() for batch in reading.batches()]
    assert len(sizes) > 4
    assert max(sizes) < 40_000


def test_an_empty_table_has_its_columns(place, table, engine):
    name = place.name("empty")
    place.execute(f"CREATE TABLE {name} (a bigint, b varchar(10))")
    frame = table(table=name, engine=engine)
    assert frame.shape == (0, 2)
    assert frame.schema == {"a": pl.Int64, "b": pl.String}


def test_the_entity_is_filled_in_as_one_name(read, place):
    name = place.name("dot")
    place.execute(f"CREATE TABLE [{name}.x] (a int)")
    try:
        assert read(table="dbo.{entity}", request=ReadRequest(entity=f"{name}.x")).schema == {"a": pl.Int32}
    finally:
        place.execute(f"DROP TABLE [{name}.x]")


def test_columns_are_chosen_by_settings_and_by_the_request(table, read, orders):
    assert table(table=orders, columns=("Price", "Id")).columns == ["Price", "Id"]
    request = ReadRequest(entity="e", columns=("Small", "navn ø"))
    assert list(read(table=orders, request=request).schema) == ["Small", "navn ø"]


def test_a_condition_with_parameters_keeps_rows(table, orders, engine):
    frame = table(
        table=orders, where="[Id] >= ? AND [navn ø] <> ? OR 1 = 0", parameters=(490, "row 495 🏡"), engine=engine
    )
    assert sorted(frame["Id"]) == [490, 491, 492, 493, 494, 496, 497, 498, 499]


def test_a_query_is_described_by_the_server_without_being_run(read, orders, engine):
    query = f"SELECT Id, Price * 2 AS Twice, [navn ø] AS Name FROM {orders} WHERE Id < 3 -- a comment"
    reading = read(query=query, engine=engine)
    assert list(reading.schema) == ["Id", "Twice", "Name"]
    assert reading.schema["Id"] == pl.Int32
    assert isinstance(reading.schema["Twice"], pl.Decimal)
    assert sorted(pl.concat(reading.batches())["Id"]) == [0, 1, 2]


def test_entities_are_quoted_names_in_a_query(table, orders):
    home = {"query": "SELECT Id FROM {entity} WHERE Id = 7"}
    assert table(**home, request=ReadRequest(entity=orders))["Id"].to_list() == [7]


def test_a_query_may_be_narrowed_by_a_condition(table, orders):
    frame = table(query=f"SELECT Id FROM {orders}", where="Id < ?", parameters=(2,))
    assert sorted(frame["Id"]) == [0, 1]


def test_views_are_read_like_tables(place, table, orders):
    view = place.name("view")
    place.execute(f"CREATE VIEW {view} AS SELECT Id, Small FROM {orders} WHERE Id < 5")
    try:
        assert table(table=view).sort("Id")["Id"].to_list() == [0, 1, 2, 3, 4]
    finally:
        place.execute(f"DROP VIEW {view}")


def test_rows_are_counted_without_being_read(open_home, orders):
    home = open_home(table=orders, where="Id < 10")
    assert isinstance(home, Counts)
    assert home.count(ReadRequest(entity="e")) == 10


def test_a_reading_shows_what_it_can_do(read, open_home, orders):
    reading = read(table=orders)
    for ability in (Ranged, Isolated, Cancels, Warns, ReadsInParts):
        assert isinstance(reading, ability)
    assert isinstance(open_home(table=orders), Probes)


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"table": "no_such_table_x"}, "there is no table or view 'no_such_table_x', or the login may not see it"),
        ({"table": "a.b.c.d"}, "is on a linked server"),
        ({"columns": ("Nope",)}, "there is no column 'Nope'"),
        ({"where": "Nope = 1"}, "Nope"),
        ({"query": "SELECT 1 AS a, 2 AS a"}, "'a' was specified multiple times"),
        ({"query": "SELECT 1"}, "No column name was specified for column 1"),
        ({"query": "SELECT FROM"}, "syntax"),
        ({"query": "SELECT * FROM no_such_table_x"}, "no_such_table_x"),
    ],
)
def test_what_cannot_be_read_is_named(table, orders, settings, fault):
    with pytest.raises(HomeError, match=fault.replace("(", r"\(")) as refused:
        table(**({"table": orders} | settings if "query" not in settings else settings))
    assert refused.value.where


def test_a_name_that_is_nearly_right_is_suggested(table, orders):
    with pytest.raises(HomeError) as refused:
        table(table=f"dbo.{orders[:-1]}")
    assert f"dbo.{orders}" in refused.value.fix


def test_a_column_that_goes_while_the_table_is_open_is_named(place, read, engine):
    name = place.name("gone")
    place.execute(f"CREATE TABLE {name} (a int, b int)")
    reading = read(table=name, engine=engine)
    place.execute(f"ALTER TABLE {name} DROP COLUMN b")
    with pytest.raises(HomeError, match="b") as refused:
        list(reading.batches())
    assert name in refused.value.where


def test_a_reading_that_is_left_in_the_middle_gives_its_connection_back(open_home, orders, engine):
    home = open_home(table=orders, engine=engine, pool_size=1)
    for _ in range(3):
        reading = home.read(ReadRequest(entity="e", batch_bytes=1024))
        next(reading.batches())
        reading.close()
        reading.close()
    assert home.count(ReadRequest(entity="e")) == 500


def test_the_last_row_gives_the_connection_back_before_the_reading_is_closed(open_home, orders):
    home = open_home(table=orders, pool_size=1)
    first = home.read(ReadRequest(entity="e"))
    assert sum(batch.height for batch in first.batches()) == 500
    assert home.count(ReadRequest(entity="e")) == 500
    first.close()
