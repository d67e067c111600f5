from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import tempfile
import zipfile
from pathlib import Path

import polars as pl
import pytest

from hygge_core import HomeError


TEXT = "a,b\n" + "".join(f"{number},text {number * 7919}\n" for number in range(5000))
DATA = TEXT.encode()


def zipped(members, **options):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def zstd(data):
    target = io.BytesIO()
    pl.Series("line", data.decode().splitlines()).to_frame().write_csv(
        target, include_header=False, quote_style="never", compression="zstd"
    )
    return target.getvalue()


PACKED = {
    "gz": gzip.compress(DATA),
    "bz2": bz2.compress(DATA),
    "xz": lzma.compress(DATA),
    "zst": zstd(DATA),
    "zip": zipped({"a.csv": DATA}),
}


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    """Keep scratch files in a place of their own, and see that none is left."""
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    yield place
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("ending", PACKED)
def test_compressed_files_are_read(read, ending):
    reading = read("csv", {f"a.csv.{ending}": PACKED[ending]})
    frame = reading.scan().collect()
    assert frame.equals(pl.read_csv(DATA))
    reading.close()


@pytest.mark.parametrize("ending", PACKED)
@pytest.mark.parametrize("keep", [0, 1, 10, 0.5, 0.99])
def test_a_truncated_archive_is_named_and_leaves_no_scratch(read, ending, keep):
    data = PACKED[ending]
    short = data[: keep if isinstance(keep, int) else int(len(data) * keep)]
    with pytest.raises(HomeError, match=rf"a\.csv\.{ending}: the archive is damaged or incomplete"):
        read("csv", {f"a.csv.{ending}": short})


@pytest.mark.parametrize("ending", ["gz", "zip", "xz", "bz2"])
def test_a_damaged_archive_is_named(read, ending):
    data = bytearray(PACKED[ending])
    middle = len(data) // 2
    data[middle : middle + 20] = bytes(20)
    with pytest.raises(HomeError, match=rf"a\.csv\.{ending}.*: the archive is damaged"):
        read("csv", {f"a.csv.{ending}": bytes(data)})


def test_all_members_of_a_zip_are_one_table(read, rows_of):
    members = {
        "b.csv": "a\n2\n",
        "a/a.csv": "a\n1\n",
        "__MACOSX/a.csv": "junk",
        ".hidden.csv": "junk",
        "read.me": "junk",
    }
    reading = read("csv", {"t.zip": zipped(members)})
    assert rows_of(reading) == [(1,), (2,)]


def test_errors_name_the_member(read):
    with pytest.raises(HomeError, match=r"t\.zip/b\.csv:3: the row has 1 fields"):
        read("csv", {"t.zip": zipped({"b.csv": "a,b\n1,2\n3\n"})})


def test_a_zip_without_data_says_what_it_holds(read):
    with pytest.raises(HomeError, match=r"no member ends in \.csv, \.tsv; the archive holds read\.me"):
        read("csv", {"t.zip": zipped({"read.me": "x"})})


def test_a_member_cannot_climb_out(read, rows_of, tmp_path):
    reading = read("csv", {"t.zip": zipped({"../../evil.csv": "a\n1\n", "/abs.csv": "a\n2\n"})})
    assert rows_of(reading) == [(1,), (2,)]
    assert not list(tmp_path.rglob("evil*"))


def test_an_encrypted_member_is_refused(read):
    data = bytearray(zipped({"a.csv": "a\n1\n"}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    with pytest.raises(HomeError, match=r"t\.zip/a\.csv: cannot be unpacked: .*encrypted"):
        read("csv", {"t.zip": bytes(data)})


def test_a_bomb_is_refused_before_it_fills_the_disk(read, monkeypatch):
    usage = shutil.disk_usage(".")._replace(free=300 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    bomb = zipped({"a.csv": b"a\n" + b"1\n" * (40 << 20)})
    with pytest.raises(HomeError, match=r"t\.zip: unpacking needs .* bytes and .* has 314,572,800 free"):
        read("csv", {"t.zip": bomb})


@pytest.mark.parametrize("ending", ["gz", "bz2", "xz", "zst"])
def test_a_stream_stops_when_the_disk_gets_full(read, monkeypatch, ending):
    usage = shutil.disk_usage(".")._replace(free=300 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(HomeError, match=rf"a\.csv\.{ending}: unpacking needs"):
        read("csv", {f"a.csv.{ending}": PACKED[ending]})


def test_scratch_lies_where_the_settings_say_and_goes_in_the_middle_of_reading(read, tmp_path):
    reading = read("csv", {"a.csv.gz": PACKED["gz"]}, scratch="elsewhere")
    assert list((tmp_path / "elsewhere").rglob("*.content"))
    batches = reading.batches()
    next(batches)
    reading.close()
    reading.close()
    assert list(batches) == []
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_copies_of_cleaned_and_encoded_files_go_too(read, rows_of, scratch):
    text = "a,b\n1,é\n2\n"
    reading = read("csv", {"a.csv.gz": gzip.compress(text.encode("cp1252"))}, encoding="cp1252", bad_rows="skip")
    assert list(scratch.rglob("*.csv"))
    assert rows_of(reading) == [(1, "é")]


def test_json_lines_are_unpacked_too(read, rows_of):
    assert rows_of(read("ndjson", {"a.jsonl.gz": gzip.compress(b'{"a":1}\n')})) == [(1,)]
    assert rows_of(read("ndjson", {"b.zip": zipped({"b.ndjson": '{"a":2}\n'})})) == [(2,)]


def test_a_compressed_parquet_file_is_not_unpacked(read):
    with pytest.raises(HomeError, match=r"a\.parquet\.gz: this is not a Parquet file"):
        read("parquet", {"a.parquet.gz": gzip.compress(b"PAR1")})


def test_scratch_that_cannot_be_made_is_an_error(read, tmp_path):
    (tmp_path / "taken").touch()
    with pytest.raises(HomeError, match="no temporary folder can be made"):
        read("csv", {"a.csv.gz": PACKED["gz"]}, scratch="taken")


def test_plain_files_need_no_scratch(read, scratch):
    reading = read("csv", {"a.csv": DATA})
    assert list(scratch.iterdir()) == []
    assert Path(scratch).is_dir()
    reading.close()
