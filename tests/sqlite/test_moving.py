"""Tables of SQLite moved by the command line into Parquet, and read there by somebody else."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pyarrow.parquet as pq
import pytest


SHOP = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, price DECIMAL(10, 2), at DATETIME, note TEXT, paid BOOLEAN);
INSERT INTO orders VALUES (1, 9.99, '2026-01-01 10:00:00', 'ß', 1), (2, 5, '2026-01-01T11:00', NULL, 0);
CREATE TABLE "odd name" (x);
INSERT INTO "odd name" VALUES (1.5);
"""
PROJECT = """
[flows.shop]
home = {{ type = "sqlite", path = "shop.db"{home} }}
store = {{ type = "parquet", path = "out/{{entity}}" }}
entities = [{entities}]
{flow}
"""
FOLLOWED = 'run_type = "incremental"\nwatermark = { column = "at", key = ["id"] }'


@pytest.fixture
def project(make, tmp_path):
    make(SHOP)

    def write(entities, home="", flow=""):
        text = PROJECT.format(home=home, flow=flow, entities=", ".join(map(json.dumps, entities)))
        (tmp_path / "hygge.toml").write_text(text, "utf-8")

    return write


@pytest.fixture
def hygge(tmp_path):
    def call(*words):
        environment = {**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"}
        return subprocess.run(
            [sys.executable, "-m", "hygge_core", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return call


@pytest.fixture
def rows(tmp_path):
    """Read a table of the store with pyarrow, in the order of its first column."""

    def read(entity):
        table = pq.read_table(tmp_path / "out" / entity)
        return table.sort_by(table.column_names[0]).to_pylist()

    return read


def test_tables_settle_in_parquet_with_every_value(project, hygge, rows):
    project(["orders", "odd name"])
    done = hygge("go")
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = rows("orders")
    assert (str(first["price"]), str(first["at"]), first["note"], first["paid"]) == (
        "9.99",
        "2026-01-01 10:00:00",
        "ß",
        True,
    )
    assert (str(second["price"]), str(second["at"]), second["note"], second["paid"]) == (
        "5.00",
        "2026-01-01 11:00:00",
        None,
        False,
    )
    assert rows("odd name") == [{"x": 1.5}]


def test_only_new_rows_are_moved_the_second_time(project, hygge, rows, make):
    project(["orders"], flow=FOLLOWED)
    assert hygge("go").returncode == 0
    make(
        """INSERT INTO orders VALUES (3, 1, '2026-01-01 10:59', 'late', 1),
           (4, 2, '2026-01-01 11:00:00', 'tie', 1), (5, 3, '2026-01-01T11:00:01', 'new', 1)"""
    )
    done = hygge("go", "--output", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [row["id"] for row in rows("orders")] == [1, 2, 4, 5], "the late row lies before the watermark"
    assert hygge("go").returncode == 0
    assert len(rows("orders")) == 4


def test_a_value_that_does_not_fit_stops_the_table_and_leaves_the_old_one(project, hygge, rows, make):
    project(["orders"])
    assert hygge("go").returncode == 0
    make("INSERT INTO orders VALUES (3, 'n/a', NULL, NULL, NULL)")
    done = hygge("go")
    assert done.returncode == 1
    said = " ".join((done.stdout + done.stderr).split())
    assert "column 'price': rowid 3 holds 'n/a', which does not fit decimal(10, 2)" in said
    assert len(rows("orders")) == 2
    project(["orders"], home=', columns = { price = "text" }')
    done = hygge("go")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [row["price"] for row in rows("orders")] == ["9.99", "5", "n/a"]


def test_what_became_text_is_a_warning_of_the_run(project, hygge, make):
    project(["orders"], home=', on_misfit = "text"')
    make("INSERT INTO orders VALUES (3, 'n/a', NULL, NULL, NULL)")
    done = hygge("go", "--output", "json")
    assert done.returncode == 0
    told = [line for line in done.stdout.splitlines() if "column 'price' is read as text: rowid 3" in line]
    assert len(told) >= 1


def test_debug_and_plan_look_without_moving(project, hygge, tmp_path):
    project(["orders"])
    assert "journal mode delete" in hygge("debug").stdout
    planned = hygge("plan")
    assert planned.returncode == 0
    assert "shop.db: orders" in " ".join(planned.stdout.split())
    assert not list(tmp_path.rglob("*.parquet"))
