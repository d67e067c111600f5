from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from hygge_core.home import ReadRequest
from hygge_core.plugin import Context
from hygge_home_sqlite.plugin import hygge_homes


(TYPE,) = hygge_homes()


@pytest.fixture
def make(tmp_path):
    """Make a database of a script, or add to it, and return its path."""

    def made(script="", name="shop.db", rows=()):
        path = tmp_path / name
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA synchronous = OFF")  # no test is about power that fails
            connection.executescript(script)
            for statement, values in rows:
                connection.executemany(statement, values)
            connection.commit()
        return path

    return made


@pytest.fixture
def open_home(tmp_path):
    """Open a home whose project is the test's folder."""

    def opened(project=tmp_path, path="shop.db", **settings):
        context = Context(project=Path(project), connections=None, memory=1 << 30, log=None)
        return TYPE.open(TYPE.config(path=path, **settings), context)

    return opened


@pytest.fixture
def read(open_home):
    """Open a table; every reading is closed after the test."""
    readings = []

    def reading(entity="t", *, request=None, **settings):
        readings.append(open_home(**settings).read(request or ReadRequest(entity=entity, flow="f")))
        return readings[-1]

    yield reading
    for opened in readings:
        opened.close()


def whole(reading):
    """Read all rows, and see that each batch is what was announced."""
    batches = list(reading.batches())
    assert all(batch.schema == reading.schema for batch in batches)
    return pl.concat([reading.schema.to_frame(), *batches])


@pytest.fixture
def table(read):
    """Read a table whole and close it."""

    def frame(*arguments, **settings):
        reading = read(*arguments, **settings)
        try:
            return whole(reading)
        finally:
            reading.close()

    return frame
