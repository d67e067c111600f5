"""What somebody new to incremental runs stumbles over is told in one line, with what to do."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import polars as pl
import pytest


PROJECT = """
name = "erp"

[flows.erp]
run_type = "incremental"
write = "upsert"
home = { type = "sqlite", path = "erp.db", busy_timeout = "100ms" }
store = { type = "parquet", path = "lake/{entity}" }
watermark = { column = "ModifiedAt", key = ["Id"], lag = "15m" }
entities = ["Account"]
"""
TABLE = "create table Account (Id integer primary key, Name varchar(40), ModifiedAt datetime not null)"
ROWS = [(1, "Ann", "2024-05-01 09:30:00"), (2, "Bo", "2024-05-02 10:00:00"), (3, "Cy", "2024-05-02 10:00:00")]


@pytest.fixture
def erp(tmp_path):
    """Ask the database of the project something."""
    (tmp_path / "hygge.toml").write_text(PROJECT, "utf-8")

    def ask(*statements, rows=()):
        with closing(sqlite3.connect(tmp_path / "erp.db")) as database, database:
            for statement in statements:
                database.execute(statement)
            database.executemany("insert into Account values (?, ?, ?)", rows)

    ask(TABLE, rows=ROWS)
    return ask


@pytest.fixture
def hygge(tmp_path):
    """Call ``hygge`` in the project: what it ended with, what it said, and what it complained of."""

    def call(*words):
        spoken = {**os.environ, "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
        command = [sys.executable, "-m", "hygge_core", *words]
        done = subprocess.run(command, cwd=tmp_path, env=spoken, capture_output=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout, done.stderr

    return call


def settled(folder):
    return pl.read_parquet(folder / "lake" / "Account" / "*.parquet").sort("Id").select("Id", "Name").rows()


NAMES = [(1, "Ann"), (2, "Bo"), (3, "Cy")]


@pytest.mark.usefixtures("erp")
def test_a_locked_database_is_waited_for_tried_again_and_told_once_each_time(hygge, tmp_path):
    assert hygge("go", "--quiet") == (0, "", "")
    with closing(sqlite3.connect(tmp_path / "erp.db", isolation_level=None)) as writer:
        writer.execute("begin exclusive")
        code, _, complained = hygge("go", "--var", "options.attempts=2")
    assert code == 1
    lines = complained.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["warning", "error"], complained
    assert all("another program holds the database locked" in line for line in lines)
    assert settled(tmp_path) == NAMES
    assert hygge("go", "--quiet") == (0, "", "")


@pytest.mark.usefixtures("erp")
@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ('watermark.key=["Idd"]', "watermark.key: the source has no column 'Idd'; did you mean Id?"),
        ("watermark.column=ModifedAt", "watermark.column: the source has no column 'ModifedAt'; did you mean Modif"),
        ("watermark.column=Name", "column 'Name' is text, which is ordered by its bytes"),
        ("watermark.lag=15", 'the lag of a column of datetime[us] must be a span of time such as "15m"'),
        ('entities=["Acount"]', "there is no table or view 'Acount'; did you mean Account?"),
        ("home.path=arp.db", "arp.db: there is no such file"),
    ],
)
def test_a_wrong_setting_is_found_before_anything_is_written(hygge, tmp_path, setting, words):
    code, _, complained = hygge("go", "--var", f"flow.erp.{setting}")
    assert code in {1, 2}
    assert words in complained
    assert len(complained.splitlines()) == 1
    assert not (tmp_path / "lake").exists() or not list((tmp_path / "lake").glob("A*"))


@pytest.mark.usefixtures("erp")
def test_a_plan_before_the_first_run_says_that_everything_will_be_read(hygge):
    code, said, _ = hygge("plan")
    assert code == 0
    assert "never committed" in said
    assert "from the beginning to 2024-05-02T10:00:00.000000" in said


def test_a_column_renamed_between_runs_is_refused_and_a_full_drop_takes_it(erp, hygge, tmp_path):
    assert hygge("go", "--quiet") == (0, "", "")
    erp("alter table Account rename column Name to FullName")
    code, _, complained = hygge("go")
    assert code == 4
    assert "column 'Name' (string) is gone" in complained
    assert "--full-drop" in complained
    assert settled(tmp_path) == NAMES
    assert hygge("go", "--full-drop", "--quiet") == (0, "", "")
    assert pl.read_parquet(tmp_path / "lake" / "Account" / "*.parquet").columns == ["Id", "FullName", "ModifiedAt"]
    assert hygge("go", "--quiet") == (0, "", "")


@pytest.mark.usefixtures("erp")
def test_a_watermark_of_the_wrong_type_is_refused_and_changes_nothing(hygge):
    assert hygge("go", "--quiet") == (0, "", "")
    before = hygge("journal", "watermarks", "--output", "json")
    for value in ("yesterday", "5", "2024-13-01"):
        code, _, complained = hygge("journal", "set", "erp.Account", value)
        assert code == 2
        assert f"{value!r} is no value of 'ModifiedAt', a column of datetime[us]" in complained
    assert hygge("journal", "watermarks", "--output", "json") == before


def test_a_day_read_again_is_read_to_its_end_doubles_nothing_and_leaves_the_watermark_where_it_was(
    erp, hygge, tmp_path
):
    assert hygge("go", "--quiet") == (0, "", "")
    erp(rows=[(4, "Di", "2024-05-01 23:59:59.5")])
    assert hygge("go", "--quiet") == (0, "", "")
    assert settled(tmp_path) == NAMES, "the row is later than its lag allows"
    before = json.loads(hygge("journal", "watermarks", "--output", "json")[1])["data"]["watermark"]
    assert hygge("go", "--from", "2024-05-01", "--to", "2024-05-01", "--quiet") == (0, "", "")
    assert settled(tmp_path) == [*NAMES, (4, "Di")]
    assert json.loads(hygge("journal", "watermarks", "--output", "json")[1])["data"]["watermark"] == before


def test_in_json_nothing_but_json_is_on_standard_output_also_while_it_fails(erp, hygge):
    erp("alter table Account rename column ModifiedAt to ChangedAt")
    for words in (("go",), ("plan",), ("journal", "runs"), ("journal", "watermarks")):
        _, said, _ = hygge(*words, "--output", "json")
        assert said
        assert all(json.loads(line)["kind"] for line in said.splitlines())
