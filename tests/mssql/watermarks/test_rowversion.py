"""A rowversion is given when a row is written and seen when its transaction ends: both orders must be safe."""

from __future__ import annotations

from contextlib import closing

import polars as pl
import pytest

from hygge_core.watermark.config import WatermarkConfig
from hygge_store_parquet.config import ParquetStoreConfig
from hygge_store_parquet.store import open_parquet_store
from table_runs import entity, go


@pytest.fixture
def ledger(place):
    name = place.name("ledger")
    place.execute(f"CREATE TABLE {name} (Id int NOT NULL PRIMARY KEY, Name varchar(10), Ver rowversion)")
    place.execute(f"INSERT INTO {name} (Id, Name) VALUES (1, 'one'), (2, 'two')")
    return name


@pytest.fixture
def run(open_home, tmp_path, ledger, snapshots, engine):  # noqa: ARG001 - snapshots are a condition
    home = open_home(table=ledger, isolation="snapshot", engine=engine)
    store = open_parquet_store(ParquetStoreConfig(path="lake/{entity}"), tmp_path)

    def once():
        followed = WatermarkConfig(column="Ver", key=("Id",))
        (outcome,) = go(entity(home, store, name="ledger", run_type="incremental", write="upsert", watermark=followed))[
            0
        ].tables
        assert not outcome.error, outcome.error
        return outcome

    return once


@pytest.fixture
def snapshots(place):
    if not place.connection().facts.snapshot:
        place.need("ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON")


def names(tmp_path):
    frame = pl.read_parquet(tmp_path / "lake/ledger/*.parquet").sort("Id")
    return dict(frame.select("Id", "Name").iter_rows())


def test_a_transaction_that_ends_late_is_not_passed_over(place, run, ledger, tmp_path):
    run()
    with closing(place.connect()) as slow:
        slow.autocommit = False
        slow.cursor().execute(f"INSERT INTO {ledger} (Id, Name) VALUES (3, 'late')")
        place.execute(f"INSERT INTO {ledger} (Id, Name) VALUES (4, 'quick')")
        run()
        assert 3 not in names(tmp_path)
        slow.commit()
    run()
    assert names(tmp_path) == {1: "one", 2: "two", 3: "late", 4: "quick"}


def test_updates_come_and_a_quiet_table_brings_nothing(place, run, ledger, tmp_path):
    run()
    place.execute(f"UPDATE {ledger} SET Name = 'uno' WHERE Id = 1")
    assert run().rows.staged == 1
    assert names(tmp_path) == {1: "uno", 2: "two"}
    assert run().state == "kept"


def test_the_mark_never_lies_beyond_a_rowversion_that_is_open(place, run, ledger):
    with closing(place.connect()) as slow:
        slow.autocommit = False
        slow.cursor().execute(f"UPDATE {ledger} SET Name = 'open' WHERE Id = 2")
        mark = int(run().watermark.mark, 16)
        slow.rollback()
    ((active,),) = place.rows("SELECT CAST(MIN_ACTIVE_ROWVERSION() AS binary(8))")
    assert mark < int.from_bytes(active, "big")


def test_an_empty_table_has_no_mark(place, run, ledger):
    place.execute(f"DELETE FROM {ledger}")
    assert run().watermark.mark is None


@pytest.mark.parametrize("choice", ["bytes", "uint64"])
def test_both_ways_of_reading_rowversions_follow_them(place, open_home, ledger, tmp_path, choice):
    home = open_home(table=ledger, rowversion=choice)
    store = open_parquet_store(ParquetStoreConfig(path="lake/{entity}"), tmp_path)
    followed = WatermarkConfig(column="Ver", key=("Id",))

    def once():
        described = entity(home, store, name="ledger", run_type="incremental", write="upsert", watermark=followed)
        return go(described)[0].tables[0]

    assert not once().error
    place.execute(f"INSERT INTO {ledger} (Id, Name) VALUES (3, 'three')")
    assert once().rows.staged == 1
    assert names(tmp_path) == {1: "one", 2: "two", 3: "three"}
