from __future__ import annotations

import gzip
import io
import os

import polars as pl
import pytest

from hygge_core import HomeError, Retryable


def parquet(frame):
    target = io.BytesIO()
    frame.write_parquet(target)
    return target.getvalue()


WIDE = 20_000
CONTENT = {
    "csv": "a,b\n" + "".join(f"{number},x{number}\n" for number in range(WIDE)),
    "ndjson": "".join(f'{{"a":{number},"b":"x{number}"}}\n' for number in range(WIDE)),
    "parquet": parquet(pl.DataFrame({"a": range(WIDE), "b": [f"x{number}" for number in range(WIDE)]})),
}


def vanish(path):
    path.unlink()


def grow(path):
    with path.open("ab") as stream:
        stream.write(b"1,x\n")


def shrink(path):
    os.truncate(path, path.stat().st_size // 2)


def replace(path):
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    other.replace(path)


def rewrite(path):
    data = path.read_bytes()
    before = path.stat().st_mtime_ns
    path.write_bytes(data[::-1])
    os.utime(path, ns=(before + 10_000_000, before + 10_000_000))


CHANGES = {
    vanish: "vanished",
    grow: "grew from",
    shrink: "shrank from",
    replace: "was replaced",
    rewrite: "was written to",
}


@pytest.mark.parametrize("kind", CONTENT)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_that_changes_while_it_is_read_is_an_error_that_may_be_tried_again(read, tmp_path, kind, change, packed):
    if packed and kind == "parquet":
        pytest.skip("Parquet is not unpacked")
    content = CONTENT[kind] if kind == "parquet" else CONTENT[kind].encode()
    name = f"a.{kind}.gz" if packed else f"a.{kind}"
    reading = read(kind, {name: gzip.compress(content) if packed else content})
    reading.check()
    change(tmp_path / name)
    with pytest.raises(
        HomeError, match=rf"{name}: the file {CHANGES[change]}.*; run again when its writer is done"
    ) as caught:
        list(reading.batches())
    assert isinstance(caught.value, Retryable)
    with pytest.raises(HomeError, match=CHANGES[change]):
        reading.check()


@pytest.mark.parametrize("kind", CONTENT)
def test_a_native_scan_that_breaks_because_the_file_went_is_explained(read, tmp_path, kind):
    reading = read(kind, {f"a.{kind}": CONTENT[kind]})
    (tmp_path / f"a.{kind}").unlink()
    with pytest.raises((OSError, pl.exceptions.PolarsError)) as caught:
        reading.scan().collect(engine="streaming")
    assert "vanished" in reading.explain(caught.value).what


def test_an_untouched_file_passes_its_check(read):
    reading = read("csv", {"a.csv": CONTENT["csv"]})
    assert sum(batch.height for batch in reading.batches()) == WIDE
    reading.check()
