"""Odd tables, odd names and odd sources go the whole way, or are refused and leave the old table."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal


PROJECT = """
name = "odd"
[options]
attempts = 1
[flows.odd]
home = { type = "parquet", path = "in/{entity}.parquet" }
store = { type = "parquet", path = "out/{entity}" }
"""

MOMENT = datetime(2026, 11, 20, 12, 30, 15, 123456, tzinfo=UTC)
NAMES = [" ", "a.b", "a b", 'q"q', "q'q", "🏡", "..", "a/b", "a\\b", "ID", "id_"]
FRAMES = {
    "no rows": pl.DataFrame(schema={"id": pl.Int64, "at": pl.Datetime("us", "UTC")}),
    "one null column": pl.DataFrame({"nothing": [None, None]}, schema={"nothing": pl.String}),
    "two thousand columns": pl.DataFrame({f"column {number}": [number, None] for number in range(2000)}),
    "names": pl.DataFrame({name: [1] for name in NAMES}),
    "nested": pl.DataFrame(
        {
            "list": [[1, None], [], None],
            "struct": [{"a": 1, "b": ["x"]}, {"a": None, "b": []}, None],
            "array": pl.Series([[1, 2], [3, 4], None], dtype=pl.Array(pl.Int32, 2)),
        }
    ),
    "numbers": pl.DataFrame(
        {
            "small": pl.Series([-128, 127, None], dtype=pl.Int8),
            "large": pl.Series([0, 2**64 - 1, None], dtype=pl.UInt64),
            "money": pl.Series([Decimal("0.0000000001"), Decimal("-99999999999999999999999999.9999999999"), None],
                               dtype=pl.Decimal(38, 10)),
            "float": pl.Series([float("inf"), -0.0, None], dtype=pl.Float32),
        }
    ),
    "times": pl.DataFrame(
        {
            "ns": pl.Series([MOMENT, None]).dt.replace_time_zone(None).cast(pl.Datetime("ns")),
            "utc": pl.Series([MOMENT, None]),
            "zoned": pl.Series([MOMENT, None]).dt.convert_time_zone("Europe/Copenhagen"),
            "date": [date(1, 1, 1), date(9999, 12, 31)],
            "time": [time(23, 59, 59, 999999), None],
            "duration": [timedelta(microseconds=1), timedelta(days=-1)],
        }
    ),
    "texts": pl.DataFrame(
        {
            "text": ["", None, "a\x00b", "🏡" * 1000],
            "bytes": [b"", None, b"\x00\xff", bytes(range(256))],
            "kind": pl.Series(["a", "b", None, "a"], dtype=pl.Categorical),
            "enum": pl.Series(["x", None, "y", "x"], dtype=pl.Enum(["x", "y"])),
            "yes": [True, None, False, True],
        }
    ),
}  # fmt: skip


@pytest.fixture
def hygge(tmp_path):
    def call(entities, *arguments, flow=""):
        (tmp_path / "hygge.toml").write_text(
            f"{PROJECT}entities = {json.dumps(entities, ensure_ascii=False)}\n{flow}", encoding="utf-8"
        )
        command = [sys.executable, "-m", "hygge_core", "go", "--output", "json", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
        assert "Traceback" not in done.stderr
        return done

    (tmp_path / "in").mkdir()
    return call


def landed(tmp_path, name):
    (file,) = (tmp_path / "out" / name).glob("*.parquet")
    return file


def test_every_odd_table_arrives_exactly(tmp_path, hygge):
    for name, frame in FRAMES.items():
        frame.write_parquet(tmp_path / "in" / f"{name}.parquet", compression="zstd")
    done = hygge(list(FRAMES))
    assert done.returncode == 0, done.stdout + done.stderr
    for name, frame in FRAMES.items():
        assert_frame_equal(pl.read_parquet(landed(tmp_path, name)), frame)
    assert duckdb.read_parquet(str(landed(tmp_path, "names"))).columns == FRAMES["names"].columns


def test_every_odd_table_arrives_exactly_as_bytes_too(tmp_path, hygge):
    for name, frame in FRAMES.items():
        frame.write_parquet(tmp_path / "in" / f"{name}.parquet", compression="snappy")
    assert hygge(list(FRAMES)).returncode == 0
    for name, frame in FRAMES.items():
        assert_frame_equal(pl.read_parquet(landed(tmp_path, name)), frame)


ODD_NAMES = [
    "with space",
    "dots.in.it",
    "quote'd",
    'double"d',
    "emoji 🏡",
    "UPPER",
    "percent%2Fslash",
    "[brackets]",
    "star*",
    "a=b",
    "#",
]


def test_entities_with_odd_names_land_in_folders_of_that_name(tmp_path, hygge):
    for index, name in enumerate(ODD_NAMES):
        pl.DataFrame({"index": [index]}).write_parquet(tmp_path / "in" / f"{name}.parquet")
    done = hygge(ODD_NAMES)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [pl.read_parquet(landed(tmp_path, name), glob=False).item() for name in ODD_NAMES] == list(
        range(len(ODD_NAMES))
    )


@pytest.mark.parametrize("name", ["..", "../up", "/etc", "a/b", "a\\b", "", " ", "nul", "x\u0000"])
def test_entities_whose_names_would_climb_out_are_refused(tmp_path, hygge, name):
    done = hygge(["fine", name])
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()


def corrupt(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 3 : len(data) // 2] = bytes(len(data) // 2 - len(data) // 3)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "damage",
    [
        corrupt,
        lambda path: path.write_bytes(path.read_bytes()[:-100]),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
    ],
    ids=["damaged inside", "cut short", "emptied", "gone"],
)
@pytest.mark.parametrize("compression", ["snappy", "gzip"])
def test_a_damaged_source_is_named_and_the_old_table_stays(tmp_path, hygge, damage, compression):
    frame = pl.DataFrame({"id": range(50_000), "text": [f"{number}" * 3 for number in range(50_000)]})
    source = tmp_path / "in" / "teas.parquet"
    frame.write_parquet(source, compression=compression)
    assert hygge(["teas"]).returncode == 0
    damage(source)
    done = hygge(["teas"])
    assert done.returncode == 1
    assert "teas.parquet" in done.stdout
    assert_frame_equal(pl.read_parquet(landed(tmp_path, "teas")), frame)
    assert not list((tmp_path / "out" / "_hygge").rglob("*.parquet"))


def test_what_drifts_is_refused_with_both_sides_shown_and_the_old_table_stays(tmp_path, hygge):
    frame = pl.DataFrame({"id": [1, 2], "name": ["a", "b"]})
    frame.write_parquet(tmp_path / "in" / "teas.parquet")
    assert hygge(["teas"]).returncode == 0
    frame.with_columns(pl.col("id").cast(pl.String)).write_parquet(tmp_path / "in" / "teas.parquet")
    done = hygge(["teas"], flow='on_drift = "freeze"')
    assert done.returncode == 4
    assert "int64" in done.stdout
    assert "string" in done.stdout
    assert_frame_equal(pl.read_parquet(landed(tmp_path, "teas")), frame)
