"""`hygge init --from` proposes a project for the tables of a database, which plans and runs as it is."""

from __future__ import annotations

import tomllib

import pytest

from hygge_home_mssql.proposing import notes_on, proposed
from hygge_home_mssql.types import typed


def column(name, kind, **more):
    return typed(name, kind, **more)


@pytest.mark.parametrize(
    ("columns", "key", "watermark", "words"),
    [
        ([column("Id", "int", identity=True), column("V", "timestamp"), column("ModifiedAt", "datetime2(3)")],
         ["Id"], "V", "a rowversion"),
        ([column("Id", "int", identity=True), column("CreatedAt", "datetime"), column("ModifiedAt", "datetime")],
         ["Id"], "ModifiedAt", "seems to be set by every change"),
        ([column("Id", "int", identity=True), column("CreatedAt", "datetime")], ["Id"], "Id", "updates are missed"),
        ([column("Id", "int"), column("Updated", "varchar(20)")], ["Id"], None, "no column tells what changed"),
        ([column("V", "rowversion")], [], None, "no key tells rows apart"),
    ],
)  # fmt: skip
def test_the_surest_column_is_proposed_with_its_reason(columns, key, watermark, words):
    found, why = proposed(columns, key)
    assert found == watermark
    assert words in why


def test_types_that_need_a_choice_are_noted():
    columns = [column("a", "datetime2(7)"), column("b", "sql_variant"), column("c", "int")]
    first, second = notes_on(columns)
    assert "on_100ns" in first
    assert "'b' is a sql_variant" in second


def test_a_database_becomes_a_project_that_plans_and_runs(place, hygge, tmp_path, settled):
    orders, country, odd = (place.name(word) for word in ("orders", "country", "odd"))
    prefix = place.name("x")[:12]
    place.execute(
        f"CREATE TABLE {orders} (Id int IDENTITY PRIMARY KEY, Name nvarchar(20), Ver rowversion, At datetime2(7))"
    )
    place.execute(f"INSERT INTO {orders} (Name) VALUES (N'one'), (N'two')")
    place.execute(f"CREATE TABLE {country} (Code char(2))")
    place.execute(f"CREATE TABLE [{odd} x] (A int NOT NULL, B int NOT NULL, Edited datetime2(3), PRIMARY KEY (A, B))")
    try:
        place.project(tmp_path, "")
        done = hygge("init", "--from", "erp", *(f"--tables=dbo.{name}*" for name in (orders, country, odd.upper())))
        assert done.returncode == 0, done.stderr
        assert f"dbo.{orders}: incremental by Ver" in done.stdout
        text = (tmp_path / "flows/erp.toml").read_text(encoding="utf-8")
        assert f"# dbo.{orders}: 2 rows, key Id" in text
        assert "on_100ns" in text
        flow = tomllib.loads(text)
        assert prefix not in text
        found = {one["name"] if isinstance(one, dict) else one: one for one in flow["entities"]}
        assert found[orders]["watermark"] == {"column": "Ver", "key": ["Id"]}
        assert found[country] == country
        assert found[f"{odd} x"]["home"] == {"table": f"dbo.[{odd} x]"}
        assert found[f"{odd} x"]["watermark"] == {"column": "Edited", "key": ["A", "B"]}
        planned = hygge("plan")
        assert planned.returncode == 0, planned.stdout + planned.stderr
        (tmp_path / "flows/erp.toml").write_text(text.replace("settled/", "out/"), encoding="utf-8")
        went = hygge("go")
        assert went.returncode == 0, went.stdout + went.stderr
        assert settled(orders)["Name"].to_list() == ["one", "two"]
    finally:
        place.execute(f"DROP TABLE [{odd} x]")


def test_a_home_lists_what_its_entities_could_be(place, open_home):
    name = place.name("tea")
    place.execute(f"CREATE TABLE {name} (Id int)")
    assert name in list(open_home(table="dbo.{entity}").discover())
    assert name in list(open_home(table="{entity}").discover())
    assert name.removesuffix("tea") in list(open_home(table="[dbo].[{entity}tea]").discover())
    assert list(open_home(table="nowhere.{entity}").discover()) == []
    assert list(open_home(table=name).discover()) == []
    assert list(open_home(query="SELECT 1 AS a").discover()) == []


def test_tables_are_found_by_patterns_in_any_case(place):
    name = place.name("Found")
    place.execute(f"CREATE TABLE {name} (Id int PRIMARY KEY, At datetime2(7), V sql_variant)")
    connection = place.connection()
    try:
        (table,) = connection.find_tables([f"DBO.{name.upper()}"])
        assert list(connection.find_tables(["nowhere.*"])) == []
    finally:
        connection.close()
    assert (table.name, table.table, table.rows, table.key) == (name, f"dbo.{name}", 0, ("Id",))
    assert table.watermark is None
    assert len(table.notes) == 2


def test_a_unique_index_without_nulls_is_a_key(place):
    name = place.name("unique")
    place.execute(f"CREATE TABLE {name} (A int NULL, B int NOT NULL, C int NOT NULL)")
    place.execute(f"CREATE UNIQUE INDEX first_{name} ON {name} (A)")
    place.execute(f"CREATE UNIQUE INDEX second_{name} ON {name} (C, B)")
    assert key_of(place, name) == ("C", "B")
    place.execute(f"ALTER TABLE {name} ADD D int NOT NULL DEFAULT 0 PRIMARY KEY NONCLUSTERED")
    assert key_of(place, name) == ("D",)


def key_of(place, name):
    connection = place.connection()
    try:
        (table,) = connection.find_tables([f"dbo.{name}"])
    finally:
        connection.close()
    return table.key
