"""``hygge init --from`` writes a flow that passes `hygge plan` as it is."""

from __future__ import annotations

import json
import tomllib

import pytest


@pytest.fixture
def library(tmp_path):
    """Write a project with one connection, which finds the given tables."""

    def build(*plays, more=""):
        text = f"[connections.shelf]\ntype = 'library'\nplays = {json.dumps(plays)}\n{more}\n"
        (tmp_path / "hygge.toml").write_text(text, encoding="utf-8")
        return tmp_path / "flows" / "shelf.toml"

    return build


ORDERS = "Orders|dbo.Orders|1234567|Id|RowVer|RowVer grows with every change|Price: money becomes decimal(19, 4)"
LOOKUP = "Country|dbo.Country|1||||"
SALES = 'Bills|sales.Bills||Id,äöü "x"|RowVer||'


def test_what_it_writes_is_planned_and_moved_as_it_is(hygge, library, stage_door, tmp_path):
    file = library(ORDERS, LOOKUP, SALES)
    done = hygge("init", "--from", "shelf", env=stage_door)
    assert done.returncode == 0, done.stderr
    assert "dbo.Orders: incremental by RowVer (RowVer grows with every change)" in done.stdout
    assert "dbo.Country: full_drop" in done.stdout
    planned = hygge("plan", env=stage_door)
    assert planned.returncode == 0, planned.stderr
    assert hygge("go", env=stage_door).returncode == 0
    import polars as pl

    for name, table in (("Orders", "dbo.Orders"), ("Country", "dbo.Country"), ("Bills", "sales.Bills")):
        assert pl.read_parquet(tmp_path / f"settled/{name}/*.parquet")["table"].to_list() == [table]
    flow = tomllib.loads(file.read_text(encoding="utf-8"))
    assert flow["home"] == {"type": "library", "connection": "shelf", "table": "dbo.{entity}"}
    orders, country, bills = flow["entities"]
    assert orders == {
        "name": "Orders",
        "run_type": "incremental",
        "write": "upsert",
        "watermark": {"column": "RowVer", "key": ["Id"]},
    }
    assert country == "Country"
    assert bills["home"] == {"table": "sales.Bills"}
    assert bills["watermark"]["key"] == ["Id", 'äöü "x"']


def test_people_are_told_what_was_found_and_why(hygge, library, stage_door):
    file = library(ORDERS, LOOKUP)
    hygge("init", "--from", "shelf", env=stage_door)
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    assert "# dbo.Orders: 1,234,567 rows, key Id" in lines
    assert "# RowVer grows with every change" in lines
    assert "# Price: money becomes decimal(19, 4)" in lines
    assert "# dbo.Country: 1 row, no key" in lines


def test_only_tables_that_fit_are_taken(hygge, library, stage_door):
    file = library(ORDERS, LOOKUP, SALES)
    assert hygge("init", "--from", "shelf", "--tables", "sales.*", "--tables", "x.*", env=stage_door).returncode == 0
    flow = tomllib.loads(file.read_text(encoding="utf-8"))
    assert flow["home"]["table"] == "sales.{entity}"
    assert [entity["name"] for entity in flow["entities"]] == ["Bills"]


def test_a_watermark_without_a_key_is_not_used(hygge, library, stage_door):
    file = library("Log|dbo.Log|3||RowVer|it grows|")
    assert hygge("init", "--from", "shelf", env=stage_door).returncode == 0
    assert tomllib.loads(file.read_text(encoding="utf-8"))["entities"] == ["Log"]


@pytest.mark.parametrize("name", ["a/b", "con", ".", "", "x ", 'q"uo\\te', "new\nline", "del\x7f", "_hygge", "[x].[y]"])
def test_odd_names_become_entities_that_read_their_own_table(hygge, library, stage_door, name):
    library(f"{name}|dbo.{name}|3|Id|RowVer|why\nnot|")
    done = hygge("init", "--from", "shelf", env=stage_door)
    assert done.returncode == 0, done.stderr
    planned = hygge("plan", "--output", "json", env=stage_door)
    assert planned.returncode == 0, planned.stderr
    assert f"dbo.{name}" in [json.loads(line)["data"].get("source") for line in planned.stdout.splitlines()]


def test_names_that_only_case_tells_apart_are_numbered(hygge, library, stage_door):
    file = library("Tea|dbo.Tea||||| ", "TEA|dbo.TEA||||| ", "tea|old.tea||||| ")
    assert hygge("init", "--from", "shelf", env=stage_door).returncode == 0
    entities = tomllib.loads(file.read_text(encoding="utf-8"))["entities"]
    assert entities[0] == "Tea"
    assert [entity["name"] for entity in entities[1:]] == ["TEA 2", "tea 3"]
    assert [entity["home"]["table"] for entity in entities[1:]] == ["dbo.TEA", "old.tea"]


def test_nothing_is_overwritten_unless_forced(hygge, library, stage_door):
    file = library(ORDERS)
    file.parent.mkdir()
    file.write_text("mine = 1", encoding="utf-8")
    library(ORDERS)
    done = hygge("init", "--from", "shelf", "--force", env=stage_door)
    assert done.returncode == 2, "a broken flow makes the project unusable"
    file.write_text("home = {type='stage'}\nstore = {type='parquet', path='x'}", encoding="utf-8")
    done = hygge("init", "--from", "shelf", env=stage_door)
    assert done.returncode == 2
    assert "is already there; move it away, or overwrite it with --force" in done.stderr
    assert hygge("init", "--from", "shelf", "--force", env=stage_door).returncode == 0
    assert "Orders" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "more", "said"),
    [
        (
            ["--from", "attic"],
            "",
            "no connection 'attic'; add [connections.attic] to hygge.toml (there are: shelf)",
        ),
        (["--from", "shelf", "--tables", "x.*"], "", "no table fits x.*; check --tables"),
        (["--tables", "x.*"], "", "--tables: needs the connection to look at; add --from CONNECTION"),
        (["--from", "box"], "[connections.box]\ntype='prompter'", "no home reads over a connection of type 'prompter'"),
        (["--from", "shelf"], "burnt = true", "library: the library burnt down; mourn"),
        (
            ["--from", "shelf"],
            "[flows.shelf]\nhome={type='stage'}\nstore={type='parquet', path='x'}",
            "the flow 'shelf' stands in hygge.toml already; rename it",
        ),
    ],
)
def test_what_cannot_be_proposed_is_said(hygge, library, stage_door, args, more, said):  # noqa: PLR0913, PLR0917 - fixtures and cases
    file = library(ORDERS, more=more)
    done = hygge("init", *args, env=stage_door)
    assert done.returncode in {1, 2}
    assert said in done.stderr
    assert not file.exists()


def test_programs_get_one_event(hygge, library, stage_door):
    file = library(ORDERS)
    done = hygge("init", "--from", "shelf", "--output", "json", env=stage_door)
    (event,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert event["kind"] == "flow.created"
    assert event["data"]["path"] == str(file)
    assert event["data"]["tables"] == [
        {
            "table": "dbo.Orders",
            "rows": 1234567,
            "how": "incremental by RowVer",
            "why": "RowVer grows with every change",
        }
    ]
