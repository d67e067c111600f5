"""Deletes from the command line: a database, rows that go or are marked, and what the settled table holds."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import duckdb
import pytest


PROJECT = """
name = "erp"
[flows.erp]
run_type = "incremental"
write = "upsert"
home = { type = "sqlite", path = "erp.db" }
store = { type = "parquet", path = "lake/{entity}" }
watermark = { column = "changed", key = ["id"] }
entities = [
    { name = "account", deletes = "key_diff" },
    { name = "contact", deletes = { soft = "gone" }, polish = { exclude = ["gone"] } },
]
"""
TABLES = """
create table account (id integer primary key, name text, changed integer);
create table contact (id integer primary key, name text, changed integer, gone boolean);
insert into account values (1, 'Ann', 1), (2, 'Ben', 2), (3, 'Cleo', 3);
insert into contact values (1, 'Ann', 1, 0), (2, 'Ben', 2, 0), (3, 'Cleo', 3, 1);
"""
CHANGES = """
delete from account where id = 1;
update account set name = 'Benjamin', changed = 4 where id = 2;
insert into account values (4, 'Dan', 5);
update contact set gone = 1, changed = 4 where id = 1;
update contact set gone = 0, changed = 5 where id = 3;
"""


@pytest.fixture
def erp(tmp_path):
    (tmp_path / "hygge.toml").write_text(PROJECT, encoding="utf-8")

    def change(script):
        with closing(sqlite3.connect(tmp_path / "erp.db")) as database:
            database.executescript(script)

    change(TABLES)
    return change


def go(folder):
    command = [sys.executable, "-m", "hygge_core", "go"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    newest = max((folder / "runs").glob("*.json"))
    return {table["entity"]: table for table in json.loads(newest.read_text("utf-8"))["tables"]}


def names(folder, table):
    with duckdb.connect() as database:
        found = database.execute("select name from read_parquet(?)", [f"{folder}/lake/{table}/*.parquet"])
        return sorted(name for (name,) in found.fetchall())


def test_deleted_rows_leave_their_tables(tmp_path, erp):
    go(tmp_path)
    assert (names(tmp_path, "account"), names(tmp_path, "contact")) == (["Ann", "Ben", "Cleo"], ["Ann", "Ben"])
    erp(CHANGES)
    report = go(tmp_path)
    assert (names(tmp_path, "account"), names(tmp_path, "contact")) == (["Benjamin", "Cleo", "Dan"], ["Ben", "Cleo"])
    assert report["account"]["rows"]["deleted"] == 1
    assert (report["contact"]["rows"]["marked"], report["contact"]["rows"]["deleted"]) == (1, 1)
    report = go(tmp_path)
    assert [report[table]["state"] for table in report] == ["kept", "kept"]
