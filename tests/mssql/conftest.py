"""A database for each module of tests, homes over it, and hygge as people call it."""

from __future__ import annotations

import faulthandler
import os
import subprocess
import sys

import polars as pl
import pytest

from hygge_core.home import ReadRequest
from mssql_place import open_place
from tds import drivers


ENGINES = ("pyodbc", "arrow")
QUICK, SLOW = 300, 3600  # seconds that a test may take


@pytest.fixture(scope="session")
def told(request):
    """The session's own error output, which belongs to no test."""
    capturing = request.config.pluginmanager.getplugin("capturemanager")
    with capturing.global_and_fixture_disabled():
        output = os.dup(2)
    with os.fdopen(output, "w", encoding="utf-8") as kept:
        yield kept


@pytest.fixture(autouse=True)
def bounded(request, told):
    """End the session, with the stack of every thread, when a driver does not come back: nothing else wakes it."""
    seconds = SLOW if request.node.get_closest_marker("slow") else QUICK
    faulthandler.dump_traceback_later(seconds, exit=True, file=told)
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.fixture(scope="module")
def place():
    with open_place() as opened:
        yield opened
        if opened.server is not None:
            opened.server.faults.clear()


@pytest.fixture(params=ENGINES)
def engine(request):
    """Each engine that can be had here."""
    problem = drivers.missing({"pyodbc": "microsoft", "arrow": "mssql-python"}[request.param])
    if problem:
        pytest.skip(problem)
    return request.param


@pytest.fixture
def open_home(place):
    """Open a home over a connection of its own; in the end nothing may be lent any more."""
    connections = []

    def opened(**settings):
        from hygge_home_mssql.home import MssqlHome
        from hygge_home_mssql.home_config import MssqlConfig

        words = {key: settings.pop(key) for key in ("pool_size", "driver", "query_timeout") if key in settings}
        connections.append(place.connection(**words))
        return MssqlHome(settings=MssqlConfig(connection="erp", **settings), connection=connections[-1])

    yield opened
    for connection in connections:
        counts = connection.pool.counts
        connection.close()
        assert counts.lent == 0, counts


@pytest.fixture
def read(open_home):
    """Open a reading; it is closed after the test."""
    readings = []

    def reading(*, request=None, **settings):
        readings.append(open_home(**settings).read(request or ReadRequest(entity="e", flow="f")))
        return readings[-1]

    yield reading
    for opened in readings:
        opened.close()


@pytest.fixture
def table(read):
    """Read whole, and see that each batch is what was announced."""

    def frame(**settings):
        return whole(read(**settings))

    return frame


def whole(reading):
    """Read all rows, and see that each batch is what was announced."""
    batches = list(reading.batches())
    assert all(batch.schema == reading.schema for batch in batches)
    return pl.concat([reading.schema.to_frame(), *batches])


@pytest.fixture
def hygge(place, tmp_path):
    """Call hygge in the test's folder."""

    def call(*words, **environment):
        return subprocess.run(
            [sys.executable, "-m", "hygge_core", *map(str, words)],
            cwd=tmp_path,
            env={**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1", **place.environment, **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    return call


@pytest.fixture
def settled(tmp_path):
    """Read a table of the store, in the order of its first column."""

    def rows(entity):
        frame = pl.read_parquet(tmp_path / "out" / entity / "*.parquet")
        return frame.sort(frame.columns[0])

    return rows
