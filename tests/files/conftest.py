from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from hygge_core.home import ReadRequest
from hygge_core.plugin import Context
from hygge_home_files.plugin import hygge_homes


TYPES = {home.name: home for home in hygge_homes()}


@pytest.fixture
def open_home(tmp_path):
    """Open a home whose project is the test's folder."""

    def opened(kind, project=tmp_path, **settings):
        home = TYPES[kind]
        context = Context(project=Path(project), connections=None, memory=1 << 30, log=None)
        return home.open(home.config(**settings), context)

    return opened


@pytest.fixture
def read(tmp_path, open_home):
    """Write files and open them as a table; every reading is closed after the test."""
    readings = []

    def reading(kind, files, *, request=None, path=None, **settings):
        for name, content in files.items():
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
        home = open_home(kind, path=path or next(iter(files)), **settings)
        readings.append(home.read(request or ReadRequest(entity="e", flow="f")))
        return readings[-1]

    yield reading
    for opened in readings:
        opened.close()


@pytest.fixture
def table(read):
    """Write files and read them whole, on both roads."""

    def whole(*arguments, **settings):
        reading = read(*arguments, **settings)
        frame = reading.scan().collect(engine="streaming")
        reading.check()
        assert frame.schema == reading.schema
        batches = pl.concat([reading.schema.to_frame(), *reading.batches()])
        assert batches.equals(frame)
        return frame

    return whole


@pytest.fixture
def rows_of():
    """Read the rest of a reading, batch by batch, and close it."""

    def rows(reading):
        frame = pl.concat([reading.schema.to_frame(), *reading.batches()])
        reading.close()
        return frame.rows()

    return rows
