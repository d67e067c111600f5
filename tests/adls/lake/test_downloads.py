"""Reading ranges: quick to seek, never more than is wanted, and never of two states of a file."""

from __future__ import annotations

import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adls.lake.conftest import asked
from hygge_core.staging.footer import row_count


BIG = bytes(range(256)) * (20 << 12)  # 20 MiB


def test_any_seeks_and_reads_give_what_a_file_in_memory_gives(tree):
    content = BIG[: 3 << 20] + b"end"
    tree.put("file", content)

    @given(
        steps=st.lists(
            st.tuples(
                st.integers(-len(content), len(content) + 5), st.sampled_from([0, 1, 2]), st.integers(-1, 300_000)
            ),
            max_size=6,
        )
    )
    @settings(max_examples=60, deadline=None)
    def same(steps):
        with tree.open("file") as found, io.BytesIO(content) as wanted:
            for offset, whence, size in steps:
                base = {0: 0, 1: wanted.tell(), 2: len(content)}[whence]
                assert found.seek(max(base + offset, 0)) == wanted.seek(max(base + offset, 0))
                assert found.read(size) == wanted.read(size)

    same()


def test_seeking_to_before_the_start_is_refused(tree):
    tree.put("file", b"abc")
    with tree.open("file") as file, pytest.raises(OSError, match="before the start"):
        file.raw.seek(-1)


def test_the_rows_of_a_large_parquet_file_cost_two_requests_and_its_footer(tree, tree_server):
    frame = pl.DataFrame({"id": range(1_000_000)})
    with tree.create("part.parquet") as file:
        frame.write_parquet(file, compression="uncompressed")
    with asked(tree_server, tree) as requests:
        assert row_count(tree, "part.parquet") == 1_000_000
    assert [seen.operation for seen in requests] == ["head", "read"]
    assert requests[-1].sent <= 64 << 10


def test_reading_on_takes_larger_and_larger_ranges(tree, tree_server):
    with tree.create("big") as file:
        file.write(BIG)
    with asked(tree_server, tree) as requests, tree.open("big") as file:
        assert b"".join(iter(lambda: file.read(10_000), b"")) == BIG
    assert len(requests) < 9


def test_reading_whole_takes_the_largest_ranges_at_once(tree, tree_server):
    with tree.create("big") as file:
        file.write(BIG)
    with asked(tree_server, tree) as requests, tree.open("big") as file:
        assert file.read() == BIG
    assert [seen.operation for seen in requests] == ["head", "read", "read", "read"]


def test_a_file_that_is_replaced_midway_is_an_error_and_no_mix(lake):
    lake.put("file", BIG[: 1 << 20])
    with lake.open("file") as file:
        assert file.read(10) == BIG[:10]
        lake.put("file", bytes(1 << 20))
        with pytest.raises(OSError, match="was replaced while it was read"):
            file.read()


def test_a_file_that_is_deleted_midway_is_missing(lake):
    lake.put("file", BIG[: 1 << 20])
    with lake.open("file") as file:
        file.read(10)
        lake.delete("file")
        with pytest.raises(OSError, match=r"is not there|was replaced"):
            file.read()


def test_folders_cannot_be_opened(lake):
    lake.make_directory("folder")
    with pytest.raises(IsADirectoryError):
        lake.open("folder")
    with pytest.raises(IsADirectoryError):
        lake.read("folder")


def test_what_is_missing_cannot_be_opened(lake):
    with pytest.raises(FileNotFoundError):
        lake.open("nothing")
