"""Pages are walked without decoding a value: what does not fit is told, and good files of any writer pass."""

from __future__ import annotations

import io

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from hygge_core.parquet.footer import read_footer
from hygge_core.parquet.pages import walk


TABLE = pa.table({"id": pa.array(range(5000)), "text": [f"row {number % 700}" for number in range(5000)]})


def written(table=TABLE, **settings):
    file = io.BytesIO()
    pq.write_table(table, file, **settings)
    return file.getvalue()


def walked(data):
    file = io.BytesIO(data)
    walk(file, read_footer(file))


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
@pytest.mark.parametrize("codec", ["snappy", "none", "zstd"])
def test_what_pyarrow_wrote_passes(version, dictionary, codec):
    walked(
        written(
            data_page_version=version,
            use_dictionary=dictionary,
            compression=codec,
            data_page_size=1000,
            row_group_size=1500,
            write_page_checksum=True,
        )
    )


@given(
    nulls=st.lists(st.one_of(st.none(), st.integers(0, 3), st.lists(st.none() | st.integers(0, 9))), max_size=50),
    group=st.integers(1, 20),
)
def test_what_polars_wrote_passes_nested_and_null_and_empty(nulls, group):
    flat = [value if isinstance(value, int) else None for value in nulls]
    nested = [value if isinstance(value, list) else None for value in nulls]
    frame = pl.DataFrame({"a": flat, "b": nested}, schema={"a": pl.Int64, "b": pl.List(pl.Int64)})
    file = io.BytesIO()
    frame.with_columns(c=pl.struct("a", "b")).write_parquet(file, row_group_size=group)
    walked(file.getvalue())


def test_every_flipped_bit_of_a_page_with_a_checksum_is_found():
    good = bytearray(written(write_page_checksum=True, compression="snappy"))
    chunk = read_footer(io.BytesIO(good)).row_groups[0].chunks[1]
    end = chunk.start + chunk.size
    for at in range(end - 400, end):
        bad = bytearray(good)
        bad[at] ^= 1 << at % 8
        with pytest.raises(ValueError, match="column 'text' in row group 0: "):
            walked(bytes(bad))


@pytest.mark.parametrize("at", range(0, 40, 3))
def test_a_damaged_page_header_is_an_error_or_harmless_but_never_a_crash(at):
    good = bytearray(written())
    start = read_footer(io.BytesIO(good)).row_groups[0].chunks[0].start
    good[start + at] = 0xFF
    try:
        walked(bytes(good))
    except ValueError as error:
        assert "in row group 0" in str(error)  # noqa: PT017 - an error is one of two good outcomes


def test_pages_that_were_overwritten_with_zeros_are_told():
    good = bytearray(written())
    chunk = read_footer(io.BytesIO(good)).row_groups[0].chunks[0]
    good[chunk.start : chunk.start + chunk.size] = bytes(chunk.size)
    with pytest.raises(ValueError, match="column 'id' in row group 0: a page header is damaged"):
        walked(bytes(good))


def test_a_hole_in_the_middle_is_told_though_the_footer_is_whole():
    good = written()
    middle = read_footer(io.BytesIO(good)).row_groups[0].chunks[0]
    with pytest.raises(ValueError, match="in row group 0"):
        walked(good[: middle.start + 100] + good[middle.start + 300 :])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"values": 5001}, "the footer promises 5,001 values and the pages hold 5,000"),
        ({"size": -10}, "a page reaches beyond its column"),
        ({"size": 1 << 60}, "do not lie within the file"),
        ({"start": -1}, "do not lie within the file"),
    ],
    ids=str,
)
def test_a_footer_that_does_not_fit_its_pages_is_told(changed, said):
    data = written(use_dictionary=False)
    footer = read_footer(io.BytesIO(data))
    (group,) = footer.row_groups
    first, *others = group.chunks
    if changed.get("size", 0) < 0:
        changed = {"size": first.size + changed["size"]}
    other = evolve(group, chunks=(evolve(first, **changed), *others))
    with pytest.raises(ValueError, match=f"column 'id' in row group 0: .*{said}"):
        walk(io.BytesIO(data), evolve(footer, row_groups=(other,)))
