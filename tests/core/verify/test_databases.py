"""Verifying a table of a database that others write to meanwhile."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import polars as pl
import pytest

from hygge_core.home import ReadRequest
from hygge_core.verify.source import Source
from hygge_home_sqlite.config import SqliteConfig
from hygge_home_sqlite.home import SqliteHome


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE teas (id INTEGER PRIMARY KEY, name TEXT)")
        database.executemany("INSERT INTO teas VALUES (?, ?)", [(n, f"tea {n}") for n in range(100)])
    return path


def test_between_queries_the_database_is_not_held(path):
    home = SqliteHome(settings=SqliteConfig(path=str(path)), project=path.parent)
    count = pl.len().alias("rows")
    with Source(home, ReadRequest(entity="teas")) as source, closing(sqlite3.connect(path, timeout=0)) as writer:
        assert source.collect(source.frame().select(count)).item() == 100
        with writer:
            writer.execute("DELETE FROM teas WHERE id < 10")
        odd = source.frame().filter(pl.col("id") % 2 == 1)
        assert source.collect(odd.select(count)).item() == 45
        assert list(source.schema) == ["id", "name"]
