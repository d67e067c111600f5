"""``hygge verify`` as people and programs meet it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from .conftest import clean_environment


PROJECT = """
[flows.shop]
home = { type = "csv", path = "in/{entity}.csv" }
store = { type = "parquet", path = "settled/{entity}" }
entities = ["teas", "cups"]
"""


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """A project of two tables that were moved, to be copied."""
    folder = tmp_path_factory.mktemp("moved")
    (folder / "hygge.toml").write_text(PROJECT, encoding="utf-8")
    (folder / "in").mkdir()
    for name in ("teas", "cups"):
        lines = ["id,name", *(f"{n},{name} {n}" for n in range(10))]
        (folder / "in" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = [sys.executable, "-m", "hygge_core", "go", "--quiet"]
    subprocess.run(words, cwd=folder, env=clean_environment(), check=True, timeout=120)
    return folder


@pytest.fixture
def shop(moved, tmp_path):
    """A project of two tables that were moved."""
    return shutil.copytree(moved, tmp_path, dirs_exist_ok=True)


def tamper(folder, change):
    (path,) = (folder / "settled" / "teas").glob("*.parquet")
    pq.write_table(change(pq.read_table(path)), path)


@pytest.mark.usefixtures("shop")
def test_tables_that_are_equal_get_a_tick_each(hygge):
    done = hygge("verify")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "✓ shop.teas  10 rows\n✓ shop.cups  10 rows\n2 of 2 tables as they should be\n"


def test_some_that_differ_end_with_3_and_all_with_5(shop, hygge):
    tamper(shop, lambda data: data.slice(1))
    done = hygge("verify")
    assert done.returncode == 3
    first, second, third, *rest = done.stdout.splitlines()
    assert first.startswith("✗ shop.teas  ")
    assert " bytes were" not in first
    assert second == "    10 rows were committed, and the committed parts hold 9"
    assert third == "    10 rows were committed, and readers see 9"
    assert "    rows: source 10, committed 10, in files 9, visible 9" in rest
    assert rest[-3].startswith("    if the source changed after 2")
    assert rest[-3].endswith(
        " UTC, run `hygge go` and verify again; `hygge go --full-drop --entity shop.teas` loads it anew"
    )
    assert rest[-1] == "1 of 2 tables as they should be"
    assert hygge("verify", "--entity", "teas").returncode == 5


def test_keys_that_differ_are_listed_beneath_their_table(shop, hygge):
    tamper(shop, lambda data: data.slice(3))
    done = hygge("verify", "--keys", "--key", "id", "--entity", "teas", "--limit", "2")
    assert done.returncode == 5
    assert "    3 keys differ: 3 missing in the store\n" in done.stdout
    assert "    missing in the store: id = 0\n    missing in the store: id = 1\n    and 1 more\n" in done.stdout


def test_programs_get_one_event_for_each_table(shop, hygge):
    tamper(shop, lambda data: data.slice(3))
    done = hygge("verify", "--keys", "--key", "id", "--output", "json")
    assert done.returncode == 3
    teas, cups = (json.loads(line) for line in done.stdout.splitlines())
    assert teas["kind"] == cups["kind"] == "table.verified"
    assert (teas["data"]["state"], cups["data"]["state"]) == ("different", "equal")
    assert teas["data"]["keys"]["differing"] == {"missing": 3}
    assert teas["data"]["keys"]["shown"][0] == {"kind": "missing", "key": "id = 0", "in_source": "", "in_store": ""}
    assert cups["data"]["rows"]["visible"] == 10
    assert done.stderr.startswith("error: shop.teas: ")


def test_quiet_says_only_what_is_wrong(shop, hygge):
    tamper(shop, lambda data: data.slice(1))
    done = hygge("verify", "--quiet")
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: shop.teas: ")
    assert "if the source changed after 2" in done.stderr


@pytest.mark.usefixtures("shop")
def test_verbose_says_what_was_held_against_what(hygge):
    done = hygge("verify", "--verbose", "--entity", "cups")
    assert "    rows: source 10, committed 10, in files 10, visible 10\n" in done.stdout
    assert "    compared: rows of the source against the rows of the store\n" in done.stdout
    assert "    last committed: 2" in done.stdout


def test_a_table_that_cannot_be_looked_at_is_an_error(shop, hygge):
    (shop / "in" / "teas.csv").unlink()
    done = hygge("verify")
    assert done.returncode == 3
    assert done.stdout == "✓ shop.cups  10 rows\n1 of 2 tables as they should be\n"
    assert done.stderr.startswith("error: ")
    assert "teas.csv" in done.stderr
    assert hygge("verify", "--entity", "teas").returncode == 1


def test_an_older_version_is_told_with_both_values(tmp_path, hygge):
    database = sqlite3.connect(tmp_path / "shop.db")
    database.executescript(
        "CREATE TABLE teas (id INTEGER PRIMARY KEY, changed INTEGER NOT NULL);"
        "INSERT INTO teas VALUES (1, 10), (2, 20), (3, 30);"
    )
    (tmp_path / "hygge.toml").write_text(
        """
        [flows.shop]
        run_type = "incremental"
        write = "upsert"
        watermark = { column = "changed", key = ["id"] }
        home = { type = "sqlite", path = "shop.db" }
        store = { type = "parquet", path = "settled/{entity}" }
        entities = ["teas"]
        """,
        encoding="utf-8",
    )
    assert hygge("go", "--quiet").returncode == 0
    with database:
        database.execute("UPDATE teas SET changed = 25 WHERE id = 1")
        database.execute("INSERT INTO teas VALUES (4, 40)")
    database.close()
    done = hygge("verify", "--keys")
    assert done.returncode == 5
    assert done.stdout.splitlines()[:3] == [
        "✗ shop.teas  1 key differs: 1 older in the store",
        "    older in the store: id = 1 (10 in the store, 25 in the source)",
        "    1 row of the source beyond the watermark, for the next run to move",
    ]


@pytest.mark.usefixtures("shop")
def test_a_key_without_keys_is_a_misunderstanding(hygge):
    done = hygge("verify", "--key", "id")
    assert done.returncode == 2
    assert "--key says what to compare by; give --keys as well" in done.stderr


def test_a_project_without_flows_has_nothing_to_verify(tmp_path, hygge):
    (tmp_path / "hygge.toml").write_text('name = "empty"\n', encoding="utf-8")
    done = hygge("verify")
    assert (done.returncode, done.stdout) == (0, "")
    assert "there are no flows yet, so there is nothing to verify" in done.stderr


def test_a_console_without_signs_gets_plain_ones(shop, hygge):
    tamper(shop, lambda data: data.slice(1))
    done = hygge("verify", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}, encoding="ascii")
    assert done.stdout.startswith("!! shop.teas  ")
    assert "\nok shop.cups  10 rows\n" in done.stdout


def test_checks_are_read_from_the_project_and_refuse_with_exit_code_1(shop, hygge):
    with (shop / "hygge.toml").open("a", encoding="utf-8") as file:
        file.write('[flows.shop.checks]\nrows_min = 11\nunique = ["id"]\n')
    done = hygge("go", "--entity", "teas")
    assert done.returncode == 1
    assert "rows_min: the run brings 10 rows, at least 11 expected" in done.stderr
    done = hygge("plan", "--var", 'flow.shop.checks.unique=["ident"]')
    assert done.returncode == 2
    assert "checks.unique names 'ident', and the table has no such column" in done.stderr
