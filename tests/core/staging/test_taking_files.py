"""Files pass through only when they read from end to end, as deep as was asked."""

from __future__ import annotations

import io

import polars as pl
import pyarrow.parquet as pq
import pytest

from hygge_core import HomeError
from hygge_core.lakes.local import LocalLake
from hygge_core.parquet.footer import read_footer
from hygge_core.staging.check import checksum
from hygge_core.staging.take import take


FRAME = pl.DataFrame({"id": range(5000), "text": [f"row {number}" for number in range(5000)]})
BOTH = pytest.mark.parametrize("verify", ["values", "pages"])


@pytest.fixture
def taken(tmp_path):
    """Write bytes as a file and take it into a lake."""

    def take_bytes(data, verify):
        source = tmp_path / "source.parquet"
        source.write_bytes(data)
        return take(LocalLake(tmp_path / "lake"), str(source), "data", f"{verify}.parquet", verify)

    return take_bytes


def written(**settings):
    file = io.BytesIO()
    pq.write_table(FRAME.to_arrow(), file, **settings)
    return bytearray(file.getvalue())


def chunk_of(data, column):
    return read_footer(io.BytesIO(data)).row_groups[0].chunks[column]


@BOTH
def test_a_good_file_passes_byte_for_byte(tmp_path, taken, verify):
    data = written(compression="snappy", row_group_size=700)
    part = taken(data, verify)
    assert (tmp_path / "lake" / part.staged).read_bytes() == data
    assert (part.rows, part.size) == (5000, len(data))
    assert part.checksum == checksum(LocalLake(tmp_path / "lake"), part.staged)


@BOTH
def test_a_flipped_bit_under_a_checksum_is_refused(taken, verify):
    data = written(write_page_checksum=True, compression="snappy")
    chunk = chunk_of(data, 1)
    data[chunk.start + chunk.size - 5] ^= 1
    with pytest.raises(HomeError, match=r"does not read from end to end: .*does not fit its checksum"):
        taken(data, verify)


@BOTH
def test_a_hole_is_refused_though_footer_and_size_are_right(taken, verify):
    data = written(compression="snappy")
    chunk = chunk_of(data, 0)
    data[chunk.start : chunk.start + chunk.size] = bytes(chunk.size)
    with pytest.raises(HomeError, match="does not read from end to end"):
        taken(data, verify)


def test_what_cannot_be_unpacked_is_refused_when_values_are_verified_and_only_then(taken):
    data = written(compression="gzip", use_dictionary=False)
    chunk = chunk_of(data, 1)
    data[chunk.start + chunk.size - 100 : chunk.start + chunk.size] = b"\xff" * 100
    assert taken(bytes(data), "pages").rows == 5000
    with pytest.raises(HomeError, match="does not read from end to end"):
        taken(bytes(data), "values")


@BOTH
def test_a_footer_that_promises_other_rows_than_its_row_groups_is_refused(taken, verify):
    data = written(compression="snappy")
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    rows_as_varint = bytes([0x90, 0x4E])  # 5000, zigzagged
    data[data.index(rows_as_varint, footer)] ^= 2
    with pytest.raises(HomeError, match="does not read from end to end: the footer says 5,001 rows and its row groups"):
        taken(data, verify)


def test_rows_that_no_page_holds_are_refused_when_values_are_verified(taken):
    data = written(compression="snappy")
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    rows_as_varint = bytes([0x90, 0x4E])
    for find in (data.index, data.rindex):  # of the file, which comes first, and of its row group, which comes last
        data[find(rows_as_varint, footer)] ^= 2
    with pytest.raises(HomeError, match=r"does not read from end to end|its footer says 5,001 rows"):
        taken(data, "values")
