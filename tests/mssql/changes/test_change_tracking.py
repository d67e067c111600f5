"""Change Tracking: inserts, updates and deletes reach the table; what is no longer known is said."""

from __future__ import annotations

import polars as pl
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygge_core import HomeError
from hygge_core.home import ReadRequest
from hygge_core.mark import Mark
from hygge_home_mssql.home import MssqlHome
from hygge_home_mssql.home_config import MssqlConfig
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from mssql_place import place_of
from table_runs import HomeConfig, HomeType, entity, go
from tds import SqlServer


_DELETE = "DELETE FROM {0} WHERE Id = {2}"


@pytest.fixture(scope="module")
def tracked(place):
    """Make a table whose changes are tracked; skips where the server does not."""
    place.need("IF CHANGE_TRACKING_CURRENT_VERSION() IS NULL ALTER DATABASE CURRENT SET CHANGE_TRACKING = ON")

    def made():
        name = place.name("tracked")
        place.execute(f"CREATE TABLE {name} (Id int NOT NULL PRIMARY KEY, Name nvarchar(20))")
        place.need(f"ALTER TABLE {name} ENABLE CHANGE_TRACKING")
        return name

    return made


@pytest.fixture
def runs(open_home, tmp_path):
    """Return what moves a table by its changes, and what reads it."""

    def moving(table, **more):
        home = open_home(table=table, changes="change_tracking", **more)
        store = open_parquet_store(ParquetStoreConfig(path="lake/{entity}"), tmp_path)
        kind = HomeType(name="mssql", config=type(home.settings), open=lambda *_: home)

        def run(**settings):
            words = {"run_type": "incremental", "write": "upsert", **settings}
            described = entity(None, store, name=table, **words)
            described = evolve(described, home=HomeConfig(type=kind, value=home.settings))
            return go(described)[0].tables[0]

        return run

    return moving


def settled(tmp_path, table):
    return dict(pl.read_parquet(tmp_path / f"lake/{table}/*.parquet").sort("Id").iter_rows())


def source(place, table):
    return dict(sorted(place.rows(f"SELECT Id, Name FROM {table}")))


def test_inserts_updates_and_deletes_reach_the_table(place, tracked, runs, tmp_path, engine):
    table = tracked()
    place.execute(f"INSERT INTO {table} VALUES (1, N'one'), (2, N'two'), (3, N'three')")
    run = runs(table, engine=engine)
    assert run().mode == "replace"
    place.execute(f"UPDATE {table} SET Name = N'zwei' WHERE Id = 2")
    place.execute(f"DELETE FROM {table} WHERE Id = 3")
    place.execute(f"INSERT INTO {table} VALUES (4, N'four')")
    outcome = run()
    assert not outcome.error, outcome.error
    assert (outcome.mode, outcome.rows.staged, outcome.rows.deleted) == ("upsert", 2, 1)
    assert settled(tmp_path, table) == {1: "one", 2: "zwei", 4: "four"}
    assert run().state == "kept"


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changes_between_runs_end_in_the_same_table(place, tracked, runs, tmp_path, data):
    table = tracked()
    run = runs(table)
    for step in range(3):
        for key in data.draw(st.lists(st.integers(0, 4), max_size=4)):
            if place.rows(f"SELECT 1 FROM {table} WHERE Id = {key}"):
                change = data.draw(st.sampled_from(["UPDATE {} SET Name = '{}' WHERE Id = {}", _DELETE]))
            else:
                change = "INSERT INTO {0} VALUES ({2}, '{1}')"
            place.execute(change.format(table, step, key))
        outcome = run()
        assert not outcome.error, outcome.error
        assert settled(tmp_path, table) == source(place, table)


def test_a_full_drop_begins_anew_from_its_own_version(place, tracked, runs, tmp_path):
    table = tracked()
    place.execute(f"INSERT INTO {table} VALUES (1, N'one')")
    run = runs(table)
    run()
    place.execute(f"DELETE FROM {table}")
    place.execute(f"INSERT INTO {table} VALUES (2, N'two')")
    assert run(run_type="full_drop").mode == "replace"
    place.execute(f"INSERT INTO {table} VALUES (3, N'three')")
    outcome = run()
    assert (outcome.rows.staged, outcome.rows.deleted) == (1, 0)
    assert settled(tmp_path, table) == {2: "two", 3: "three"}


def test_changes_that_are_no_longer_kept_stop_the_table_with_the_way_to_load_it_anew(place, tracked, runs, tmp_path):
    table = tracked()
    place.execute(f"INSERT INTO {table} VALUES (1, N'one')")
    run = runs(table)
    run()
    place.execute(f"UPDATE {table} SET Name = N'uno'")
    place.execute(f"ALTER TABLE {table} DISABLE CHANGE_TRACKING")
    place.execute(f"INSERT INTO {table} VALUES (2, N'two')")
    place.execute(f"ALTER TABLE {table} ENABLE CHANGE_TRACKING")
    outcome = run()
    assert "were cleaned up" in outcome.error
    assert "hygge go --full-drop --entity" in outcome.error
    assert settled(tmp_path, table) == {1: "one"}


def test_a_table_whose_changes_are_not_tracked_is_refused_with_the_line_that_turns_it_on(place, tracked, runs):
    tracked()
    table = place.name("plain")
    place.execute(f"CREATE TABLE {table} (Id int NOT NULL PRIMARY KEY)")
    assert f"ALTER TABLE [{table}] ENABLE CHANGE_TRACKING" in runs(table)().error


def test_rows_are_not_read_without_their_key(tracked, runs):
    table = tracked()
    assert "columns leaves out 'Id'" in runs(table, columns=("Name",))().error


def test_a_key_of_several_columns_is_followed(place, tracked, runs, tmp_path):
    tracked()
    table = place.name("pairs")
    place.execute(
        f"CREATE TABLE {table} (A nvarchar(5) NOT NULL, B uniqueidentifier NOT NULL, N int, PRIMARY KEY (A, B))"
    )
    place.need(f"ALTER TABLE {table} ENABLE CHANGE_TRACKING")
    first, second = ("6F9619FF-8B86-D011-B42D-00C04FC964FF", "7F9619FF-8B86-D011-B42D-00C04FC964FF")
    place.execute(f"INSERT INTO {table} VALUES (N'ø', '{first}', 1), (N'ø', '{second}', 2)")
    run = runs(table)
    run()
    place.execute(f"DELETE FROM {table} WHERE B = '{first}'")
    outcome = run()
    assert outcome.rows.deleted == 1, outcome.error
    frame = pl.read_parquet(tmp_path / f"lake/{table}/*.parquet")
    assert frame.rows() == [("ø", second, 2)]


def test_changes_are_counted_and_cancelled_like_any_rows(place, tracked, open_home):
    table = tracked()
    place.execute(f"INSERT INTO {table} VALUES (1, N'one'), (2, N'two')")
    home = open_home(table=table, changes="change_tracking", isolation="read_uncommitted")
    assert home.count(ReadRequest(entity="e")) == 2
    whole = home.read(ReadRequest(entity="e"))
    whole.close()
    place.execute(f"UPDATE {table} SET Name = N'uno' WHERE Id = 1")
    reading = home.read(ReadRequest(entity="e", since=whole.reached.mark))
    assert reading.count() == 1
    reading.cancel()
    assert "read uncommitted" in reading.warnings()[0]
    next(reading.batches())
    reading.close()
    reading.close()


def test_a_database_that_was_restored_from_an_older_backup_is_noticed(place, tracked, open_home):
    table = tracked()
    place.execute(f"INSERT INTO {table} VALUES (1, N'one')")
    home = open_home(table=table, changes="change_tracking")
    with pytest.raises(HomeError, match="restored from an older backup"):
        home.read(ReadRequest(entity="e", since=Mark(dtype="int64", text=str(2**40))))


def test_a_database_that_tracks_nothing_is_told_with_the_line_that_turns_it_on():
    with SqlServer() as server:
        place = place_of(server)
        place.execute("CREATE TABLE t (Id int NOT NULL PRIMARY KEY)")
        connection = place.connection()
        home = MssqlHome(
            settings=MssqlConfig(connection="erp", table="t", changes="change_tracking"), connection=connection
        )
        try:
            with pytest.raises(HomeError, match="the database does not track changes") as refused:
                home.read(ReadRequest(entity="e"))
            assert "ALTER DATABASE CURRENT SET CHANGE_TRACKING = ON" in refused.value.fix
        finally:
            connection.close()
            place.close()


def test_changes_that_are_cleaned_up_while_they_are_read_are_noticed(place, tracked, open_home):
    table = tracked()
    place.execute(f"INSERT INTO {table} VALUES (1, N'one')")
    home = open_home(table=table, changes="change_tracking")
    since = home.read(ReadRequest(entity="e"))
    mark = since.reached.mark
    since.close()
    place.execute(f"INSERT INTO {table} VALUES (2, N'two')")
    reading = home.read(ReadRequest(entity="e", since=mark))
    assert sum(batch.height for batch in reading.batches()) == 1
    place.execute(f"ALTER TABLE {table} DISABLE CHANGE_TRACKING")
    place.execute(f"INSERT INTO {table} VALUES (3, N'three')")
    place.execute(f"ALTER TABLE {table} ENABLE CHANGE_TRACKING")
    with pytest.raises(HomeError):
        reading.deleted()
    reading.close()
