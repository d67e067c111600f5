"""What Polars holds in flight fits the width of the rows, and small tables are read once."""

from __future__ import annotations

import os
import subprocess
import sys

import polars as pl
import pytest
from polars.io.plugins import register_io_source

from hygge_core.lakes.local import LocalLake
from hygge_core.staging.morsels import morsel_rows
from hygge_core.staging.options import FileOptions
from hygge_core.staging.sink import PartSink, sample_rows


SETTING = "POLARS_IDEAL_MORSEL_SIZE"


@pytest.fixture
def sink(tmp_path):
    return PartSink(
        lake=LocalLake(tmp_path), folder="data", options=FileOptions(), name="{}.parquet".format, rotates=True
    )


def counting(frame):
    """Make a lazy frame of a frame, and a list of how many rows each reading of it gave."""
    read = []

    def source(columns, _predicate, rows, _batch):
        found = frame.head(frame.height if rows is None else rows)
        read.append(found.height)
        yield found if columns is None else found.select(columns)

    return register_io_source(source, schema=frame.schema), read


def test_narrow_rows_go_by_the_ten_thousand_and_wide_ones_by_a_few():
    narrow = pl.DataFrame({"a": range(1000)})
    text = pl.DataFrame({"a": ["x" * 4096] * 100})
    wide = pl.DataFrame({f"c{number}": [1.5] * 10 for number in range(2000)})
    huge = pl.DataFrame({"a": ["x" * 10_000_000]})
    assert morsel_rows(narrow) == morsel_rows(narrow.clear()) == 65_536
    assert morsel_rows(text) in {512, 1024}
    assert morsel_rows(wide) == 256
    assert morsel_rows(huge) == 256
    assert (sample_rows(1), sample_rows(16), sample_rows(100), sample_rows(5000)) == (50_000, 50_000, 10_000, 1_000)


@pytest.mark.parametrize("height", [0, 1, 49_999])
def test_a_table_smaller_than_the_sample_is_read_once(sink, tmp_path, height):
    frame = pl.DataFrame({"a": range(height)}, schema={"a": pl.Int64})
    lazy, read = counting(frame)
    parts = sink.write(lazy)
    assert read == [height]
    assert pl.read_parquet([tmp_path / part.staged for part in parts]).equals(frame)


@pytest.mark.parametrize("height", [50_000, 120_000])
def test_a_table_as_large_as_the_sample_is_read_on(sink, tmp_path, height):
    frame = pl.DataFrame({"a": range(height)})
    lazy, read = counting(frame)
    parts = sink.write(lazy)
    assert read == [50_000, height]
    assert pl.read_parquet([tmp_path / part.staged for part in parts]).equals(frame)


PROGRAM = """
import os, sys
from pathlib import Path
import polars as pl
from hygge_core.lakes.local import LocalLake
from hygge_core.staging.options import FileOptions
from hygge_core.staging.sink import PartSink
sink = PartSink(lake=LocalLake(Path(sys.argv[1])), folder="d", options=FileOptions(), name=str, rotates=True)
sink.write(pl.LazyFrame({f"c{number}": [1.5] * 10 for number in range(2000)}))
print(os.environ["POLARS_IDEAL_MORSEL_SIZE"])
"""


@pytest.mark.parametrize(("chosen", "used"), [("777", 777), (None, 256)])
def test_a_sink_sets_the_morsels_unless_the_user_did(tmp_path, chosen, used):
    environment = {name: value for name, value in os.environ.items() if name != SETTING}
    if chosen:
        environment[SETTING] = chosen
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path], env=environment, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == used
