"""Whole runs through the command line: full loads, incremental ones, bad weather, few connections, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import polars as pl
import pytest

from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import entity, go
from tds import SqlError, problems
from tds.faults import Drop, Fail, Slow


FLOW = """
[flows.shop]
home = {{ type = "mssql", connection = "erp", table = "{{entity}}"{home} }}
store = {{ type = "parquet", path = "out/{{entity}}" }}
entities = {entities}
{more}
"""
FOLLOWED = 'run_type = "incremental"\nwatermark = { column = "At", key = ["Id"] }\n'


@pytest.fixture
def project(place, tmp_path):
    """Write a project whose one flow moves tables."""

    def written(*entities, home="", more="", **settings):
        place.project(tmp_path, FLOW.format(home=home, entities=json.dumps(entities), more=more), **settings)

    return written


@pytest.fixture
def make(place):
    def made(rows=10):
        name = place.name("shop")
        place.execute(f"CREATE TABLE {name} (Id int NOT NULL PRIMARY KEY, Name nvarchar(20), At datetime2(3))")
        for start in range(0, rows, 100):
            values = ", ".join(
                f"({n}, N'row {n}', DATEADD(minute, {n}, '2024-01-01'))" for n in range(start, min(start + 100, rows))
            )
            place.execute(f"INSERT INTO {name} VALUES {values}")
        return name

    return made


@pytest.fixture
def faults(place):
    if place.server is None:
        pytest.skip("faults are made by the test server")
    yield place.server.faults
    place.server.faults.clear()


def went(done, code=0):
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_a_full_load_replaces_the_table(  # noqa: PLR0913, PLR0917 - fixtures
    place, project, make, hygge, settled, tmp_path, engine
):
    table = make(250)
    project(table, home=f', engine = "{engine}"')
    went(hygge("go"))
    place.execute(f"DELETE FROM {table} WHERE Id >= 200")
    went(hygge("go"))
    assert settled(table)["Id"].to_list() == list(range(200))
    report = json.loads(max((tmp_path / "runs").glob("*.json")).read_text(encoding="utf-8"))
    assert report["tables"][0]["isolation"]["name"].startswith("read committed")


def test_incremental_runs_bring_what_is_new_and_nothing_twice(place, project, make, hygge, settled):
    table = make(10)
    project(table, more=FOLLOWED)
    went(hygge("go"))
    place.execute(
        f"INSERT INTO {table} VALUES (10, N'tie', DATEADD(minute, 9, '2024-01-01')), (11, N'new', '2024-02-01')"
    )
    assert "2 rows" in went(hygge("go")).stdout
    went(hygge("go"))
    assert settled(table)["Id"].to_list() == list(range(12))


def test_changes_are_tracked_from_the_command_line(place, project, make, hygge, settled):
    place.need("IF CHANGE_TRACKING_CURRENT_VERSION() IS NULL ALTER DATABASE CURRENT SET CHANGE_TRACKING = ON")
    table = make(5)
    place.need(f"ALTER TABLE {table} ENABLE CHANGE_TRACKING")
    project(table, home=', changes = "change_tracking"', more='run_type = "incremental"\nwrite = "upsert"')
    went(hygge("go"))
    place.execute(f"DELETE FROM {table} WHERE Id = 1")
    place.execute(f"UPDATE {table} SET Name = N'changed' WHERE Id = 2")
    assert "CHANGE_TRACKING_CURRENT_VERSION()" in went(hygge("plan")).stdout
    went(hygge("go"))
    assert settled(table).select("Id", "Name").rows() == [(0, "row 0"), (2, "changed"), (3, "row 3"), (4, "row 4")]
    went(hygge("verify"))


@pytest.mark.parametrize(
    "fault",
    [
        Drop(after_rows=120),
        Drop(after_bytes=3000),
        Fail(problems.deadlock(), after_rows=50),
        Fail(problems.database_unavailable(), after_rows=0),
    ],
    ids=["dropped", "torn", "deadlock", "unavailable"],
)
def test_what_breaks_in_the_middle_is_tried_again_and_nothing_half_is_committed(  # noqa: PLR0913, PLR0917 - fixtures and cases
    make, open_home, tmp_path, faults, engine, fault
):
    table, home = make(300), open_home(table="{entity}", engine=engine)
    store = open_parquet_store(ParquetStoreConfig(path="out/{entity}"), tmp_path)
    faults.on_statement(fault, matching=f"[Name], [At] FROM [{table}]")
    report, events = go(entity(home, store, name=table))
    assert report.exit_code == 0, report.tables[0].error
    assert report.tables[0].attempts == 2
    assert "table.retry" in [event.kind for event in events]
    assert sorted(pl.read_parquet(tmp_path / f"out/{table}/*.parquet")["Id"]) == list(range(300))
    assert home.connection.pool.counts.lent == 0


def test_what_stays_broken_fails_and_leaves_the_old_table(place, make, open_home, tmp_path, faults):
    table, home = make(100), open_home(table="{entity}")
    described = entity(home, open_parquet_store(ParquetStoreConfig(path="out/{entity}"), tmp_path), name=table)
    assert go(described)[0].exit_code == 0
    place.execute(f"DELETE FROM {table} WHERE Id < 50")
    faults.on_statement(Drop(after_rows=10), matching=f"[Name], [At] FROM [{table}]", times=99)
    outcome = go(described, attempts=2)[0].tables[0]
    assert (outcome.state, outcome.attempts) == ("failed", 2)
    assert pl.read_parquet(tmp_path / f"out/{table}/*.parquet").height == 100


def test_twenty_tables_share_two_connections(place, project, make, hygge, settled):
    tables = [make(20) for _ in range(20)]
    before = place.server.seen.open if place.server else 0
    if place.server:
        place.server.seen.peak = before
    project(*tables, more="", pool_size=2)
    went(hygge("go", "--concurrency", 20))
    for table in tables:
        assert settled(table).height == 20
    assert not place.server or place.server.seen.peak <= before + 2


@pytest.mark.skipif(sys.platform == "win32", reason="sends Unix signals")
def test_ctrl_c_cancels_what_the_server_works_on(  # noqa: PLR0913, PLR0917 - fixtures
    place, project, make, tmp_path, faults, engine
):
    table = make(300)
    project(table, home=f', engine = "{engine}"')
    faults.on_statement(Slow(seconds=2), matching=f"[Name], [At] FROM [{table}]")
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1", **place.environment}
    running = subprocess.Popen(
        [sys.executable, "-m", "hygge_core", "go"],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    deadline = time.monotonic() + 60
    while not any(f"[At] FROM [{table}]" in statement.sql for statement in list(place.server.seen.statements)):
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=120)  # the result alone would take ten minutes
    assert running.returncode == 130, out + err
    assert "Traceback" not in err
    assert not list(tmp_path.glob(f"out/{table}/*.parquet"))


def test_a_password_never_shows(place, project, make, hygge, faults):
    table = make(1)
    project(table)
    faults.on_login(Fail(problems.login_failed("hygge")), times=9)
    done = went(hygge("go", "--debug"), code=1)
    assert "Login failed" in done.stderr
    assert place.settings["password"] not in done.stdout + done.stderr


def test_a_permission_that_is_missing_is_told_with_the_grant(project, make, hygge, faults):
    table = make(1)
    project(table)
    words = f"The SELECT permission was denied on the object '{table}', database 'test', schema 'dbo'."
    faults.on_statement(Fail(SqlError(229, words, severity=14)), matching=f"[Name], [At] FROM [{table}]", times=9)
    assert f"GRANT SELECT ON [dbo].[{table}] TO [hygge]" in went(hygge("go"), code=1).stderr
