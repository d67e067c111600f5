"""A package of somebody else, installed from its wheel, does all that ours do, and nothing that they may not."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
from contextlib import closing

import polars as pl
import pytest

from hygge_core.testing.imports import private_imports
from stranger.conftest import PASSWORD, Project, warehouse_of


def on_the_shelf(file, table):
    """The rows that readers of the warehouse see, by its own file; None where there is no such table."""
    with closing(sqlite3.connect(file, timeout=60)) as opened:
        found = opened.execute("SELECT data FROM part WHERE tbl = ? AND visible ORDER BY rowid", (table,)).fetchall()
    return pl.concat(pl.read_ipc(io.BytesIO(data)) for (data,) in found).rows() if found else None


def waiting(file):
    with closing(sqlite3.connect(file, timeout=60)) as opened:
        return opened.execute("SELECT tbl, token FROM part WHERE NOT visible").fetchall()


def named(name, rows):
    return [(number, f"{name} {number}") for number in range(rows)]


def noted(project, entity):
    """What the plugin's listeners wrote down of a table."""
    lines = map(json.loads, project.ledger.read_text("utf-8").splitlines())
    return [(each["event"], each.get("rows")) for each in lines if each["entity"] == entity]


def test_what_it_brings_is_listed_and_nothing_is_wrong_with_it(project):
    done = project.hygge("plugins", "--check", "--output", "json")
    assert done.returncode == 0, done.stderr
    (plugin,) = [each for each in json.loads(done.stdout)["plugins"] if each["distribution"] == "hygge-acme-warehouse"]
    assert (plugin["version"], plugin["state"], plugin["faulty"]) == ("3.1", "loaded", False)
    brought = {(each["kind"], each["name"]) for each in plugin["brings"]}
    things = {("connection", "acme_warehouse"), ("home", "acme_warehouse"), ("store", "acme_warehouse")}
    hooks = {("hook", f"hygge_{hook}") for hook in ("before_commit", "after_commit", "after_abort")}
    assert brought == things | hooks | {("command", "warehouse")}


def test_editors_learn_its_keys(project):
    schema = project.hygge("schema").stdout
    assert '"shelf"' in schema
    assert '"address"' in schema
    assert "Tables on a shelf of the warehouse" in schema


def test_a_plan_says_what_would_move_and_moves_nothing(project, warehouse):
    done = project.hygge("plan", "--flow", "delivery")
    assert done.returncode == 0, done.stderr
    assert f"{warehouse.address}/incoming/bolts" in done.stdout
    assert {what.split(" ")[0] for what in warehouse.all_heard()} == {"signed", "records"}


def test_tables_come_and_go_by_one_line_and_its_command_lists_them(project, warehouse):
    for runs, flow in enumerate(("delivery", "sorting"), 1):
        done = project.hygge("go", "--debug", "--flow", flow)
        assert done.returncode == 0, done.stderr
        assert warehouse.all_heard().count("signed in") == runs, "homes and stores of a run share one line"
    for name, rows in (("bolts", 30), ("nuts", 40)):
        assert on_the_shelf(warehouse.file, f"incoming/{name}") == named(name, rows)
        assert on_the_shelf(warehouse.file, f"sorted/{name}") == named(name, rows)
        assert noted(project, name) == [("commit", rows)] * 2, "its listener is told"
    assert waiting(warehouse.file) == []
    listed = project.hygge("warehouse", "depot", "--debug", "--output", "json").stdout
    tables = {each["data"]["table"]: each["data"]["rows"] for each in map(json.loads, listed.splitlines())}
    assert tables == {"incoming/bolts": 30, "incoming/nuts": 40, "sorted/bolts": 30, "sorted/nuts": 40}


OURS = """
[flows.ours]
home = { type = "csv", path = "in/{entity}.csv" }
store = { type = "parquet", path = "out/{entity}" }
entities = ["nuts"]
"""


def test_its_gate_keeps_tables_of_every_store_as_they_were(project, warehouse):
    with (project.folder / "hygge.toml").open("a", encoding="utf-8") as file:
        file.write(OURS)
    both = ("go", "--flow", "delivery", "--flow", "ours")
    assert project.hygge(*both).returncode == 0
    project.deliver(bolts=29, nuts=19)
    done = project.hygge(*both)
    assert done.returncode == 3, "one of three tables is settled"
    for flow in ("delivery", "ours"):
        said = (
            f"{flow}.nuts, refused by hygge-acme-warehouse 3.1 (warehouse): 19 rows are less than half of the 40 before"
        )
        assert said in done.stderr
    assert on_the_shelf(warehouse.file, "incoming/nuts") == named("nuts", 40)
    assert on_the_shelf(warehouse.file, "incoming/bolts") == named("bolts", 29)
    assert pl.read_parquet(project.folder / "out" / "**" / "*.parquet").height == 40
    assert noted(project, "nuts") == [("commit", 40)] * 2 + [("abort", None)] * 2
    assert waiting(warehouse.file) == [], "what was refused is gone"


def test_errors_about_its_secret_do_not_show_it(project, warehouse):
    """That no other test shows it, the fixture sees."""
    wrong = "plugh-under-the-depot"
    refused = project.hygge("go", "--debug", DEPOT_PASSWORD=wrong)
    assert f"{warehouse.address}: the warehouse refuses the password" in refused.stderr
    assert "turned away" in warehouse.all_heard()
    project.write("127.0.0.1:1")
    gone = project.hygge("plan", "--debug")
    assert "127.0.0.1:1: the warehouse does not answer" in gone.stderr
    project.shows_nowhere(wrong)


@pytest.mark.parametrize("verb", [pytest.param("put", marks=pytest.mark.slow), "commit"])
def test_a_run_that_was_killed_is_made_good_by_the_next(installed, tmp_path, verb):
    file = tmp_path / "warehouse.db"
    project = Project(tmp_path / "project", installed).deliver(bolts=30, nuts=40)
    with warehouse_of(installed, file, verb) as held_up:
        project.write(held_up.address)
        with project.start("go", "--entity", "delivery.bolts") as running:
            held_up.hear(verb)
            running.kill()
        held_up.go_on()
    done_by_the_dead = on_the_shelf(file, "incoming/bolts")
    assert done_by_the_dead in (None, named("bolts", 30)), "all of it or nothing"
    with warehouse_of(installed, file) as opened:
        project.write(opened.address).deliver(bolts=31)
        done = project.hygge("go", "--entity", "delivery.bolts")
        assert done.returncode == 0, done.stderr
    assert on_the_shelf(file, "incoming/bolts") == named("bolts", 31)
    assert waiting(file) == [], "what was left is swept"
    project.shows_nowhere(PASSWORD)


def test_without_it_what_is_missing_is_named(project):
    done = project.hygge("go", folders=())
    assert done.returncode == 2
    for kind in ("connection", "home", "store"):
        assert f"no plugin brings a {kind} 'acme_warehouse'" in done.stderr
    assert "no plugin brings a command 'warehouse'" in project.hygge("warehouse", "depot", folders=()).stderr


def test_made_for_another_api_it_is_named_and_not_imported(project, installed, tmp_path):
    site = tmp_path / "site"
    shutil.copytree(installed, site)
    (points,) = site.glob("*.dist-info/entry_points.txt")
    points.write_text(points.read_text("utf-8").replace("[hygge]", "[hygge.v2]"), "utf-8")
    (site / "hygge_acme_warehouse" / "__init__.py").write_text("raise SystemExit('it was imported')\n", "utf-8")
    done = project.hygge("plugins", folders=[site], COLUMNS="300")
    assert "hygge-acme-warehouse 3.1 (warehouse): incompatible" in done.stdout
    assert "it was built for plugin API 2 ('hygge.v2')" in done.stdout
    assert "it was imported" not in done.stdout + done.stderr


def test_it_uses_public_names_alone(installed, tmp_path):
    assert private_imports(installed / "hygge_acme_warehouse") == []
    copy = tmp_path / "hygge_acme_warehouse"
    shutil.copytree(installed / "hygge_acme_warehouse", copy)
    (copy / "stage.py").write_text("from hygge_core.staging.sink import PartSink\n", "utf-8")
    (said,) = private_imports(copy)
    assert said == "hygge_acme_warehouse/stage.py:1: from hygge_core.staging.sink import PartSink"


def test_it_lies_outside_of_our_workspace(installed):
    """What runs is the wheel, and nothing else brings the package."""
    assert (installed / "hygge_acme_warehouse" / "py.typed").is_file()
    with pytest.raises(ModuleNotFoundError):
        __import__("hygge_acme_warehouse")


@pytest.mark.parametrize("only", ["TestWarehousePlugin", pytest.param("", marks=pytest.mark.slow)])
def test_it_keeps_every_promise(project, only):
    chosen = ["--only", only] if only else []
    done = project.hygge("conformance", "hygge-acme-warehouse", "--output", "json", *chosen)
    assert done.returncode == 0, done.stdout + done.stderr
