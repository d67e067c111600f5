"""Memory is bounded by the size of a batch, not by that of the table."""

from __future__ import annotations

import gc
import re
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest
from attrs import evolve

from hygge_core.testing.frames import small
from hygge_core.testing.judge import needs
from hygge_core.testing.process import in_process, named


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.home import Home, ReadRequest
    from hygge_core.testing.readings import Fill


_STATUS = Path("/proc/self/status")
_ROW = 4096
_NEAR = 3
"""How many times the size asked for a batch may be."""
_FEWEST = 16
"""The part of the size asked for that batches have on average, at least."""
_A_FEW = 16
"""Rows that a home may take before it knows how large they are."""


class BatchCases:
    """Everything the engine knows of memory rests on batches of the size that it asks for."""

    promise: ClassVar[str] = "batches stay near the size asked for, however large the table is"
    opener: ClassVar[str] = ""
    large: ClassVar[int] = 64 << 20
    own_memory: ClassVar[str] = ""

    @pytest.mark.parametrize("size", [4 << 10, 64 << 10])
    def test_batches_stay_near_the_size_asked_for(self, home: Home, fill: Fill, size: int) -> None:
        request = evolve(fill("even", small(0, 8000)), batch_bytes=size)
        sizes = _sizes(home, request)
        _demand_near(sizes, size, row=64)
        average = sum(sizes) / len(sizes)
        assert average >= size / _FEWEST or len(sizes) == 1, (
            f"broken promise: batches stay near the {size} bytes asked for; {len(sizes)} have {average:.0f} on average"
        )

    def test_rows_larger_than_a_batch_come_a_few_at_a_time(self, home: Home, fill: Fill) -> None:
        frame = small(0, 200).with_columns(name=pl.format("{}", "id") + "x" * _ROW)
        _demand_near(_sizes(home, evolve(fill("wide", frame), batch_bytes=1024)), 1024, row=_ROW + 64)

    def test_rows_that_grow_make_no_larger_batches(self, home: Home, fill: Fill) -> None:
        long = pl.when(pl.col("id") < 2000).then(pl.lit("x")).otherwise(pl.lit("x" * _ROW))
        frame = small(0, 2200).with_columns(name=long)
        _demand_near(_sizes(home, evolve(fill("skewed", frame), batch_bytes=32 << 10)), 32 << 10, row=_ROW + 64)

    def test_no_more_frames_are_held_than_a_few_batches(self, home: Home, fill: Fill) -> None:
        frame = small(0, 10_000)
        whole, size = int(frame.estimated_size()), 8 << 10
        request = evolve(fill("long", frame), batch_bytes=size)
        known = list(_frames())
        with closing(home.read(request)) as reading:
            for number, batch in enumerate(reading.batches(), 1):
                if number & (number - 1):  # looking is slow: at the first batch, the second, the fourth, the eighth
                    continue
                held = sum(int(each.estimated_size()) for each in _frames() if all(each is not one for one in known))
                assert held < whole // 3, (
                    f"broken promise: a table is never held whole; {held} bytes of frames are alive while a batch "
                    f"of {batch.estimated_size()} is handed out, and the table has {whole}"
                )

    def test_a_large_table_is_never_held_whole(self, place: Any, fill: Fill) -> None:
        needs(_STATUS.exists(), "this system does not say how much memory of a process is its own")
        needs(bool(self.opener), "the home names no opener: its source dies with its process")
        needs(not self.own_memory, self.own_memory)
        rows = self.large // _ROW
        frame = small(0, rows).with_columns(name=pl.format("{}", "id") + "x" * _ROW)
        request = evolve(fill("large", frame), batch_bytes=1 << 20)
        ending = in_process(_grown, self.opener, place, request, timeout=300)
        assert not ending.error, f"broken promise: a large table can be read, but: {ending.error}"
        found, grown = ending.value
        assert found == rows, f"broken promise: all {rows} rows of a large table come, not {found}"
        assert grown < self.large * 3 // 4, (
            f"broken promise: a table is never held whole; the process that reads {self.large} bytes in batches of "
            f"{1 << 20} grew by {grown}"
        )


def _sizes(home: Home, request: ReadRequest) -> list[int]:
    with closing(home.read(request)) as reading:
        sizes = [int(batch.estimated_size()) for batch in reading.batches()]
    assert sizes, "broken promise: a table that has rows yields at least one batch"
    return sizes


def _demand_near(sizes: list[int], asked: int, row: int) -> None:
    most = max(_NEAR * asked, _A_FEW * row)
    assert max(sizes) <= most, (
        f"broken promise: batches stay near the {asked} bytes asked for; the largest of {len(sizes)} has {max(sizes)}"
    )


def _frames() -> Iterator[pl.DataFrame]:
    """Find the frames that are alive."""
    yield from (each for each in gc.get_objects() if type(each) is pl.DataFrame)


def _grown(opener: str, place: Any, request: ReadRequest) -> tuple[int, int]:
    """Read a table and tell its rows, and by how many bytes the process grew meanwhile."""
    home: Home = named(opener)(place)
    before, most, rows = _own_memory(), 0, 0
    with closing(home), closing(home.read(request)) as reading:
        for batch in reading.batches():
            rows += batch.height
            most = max(most, _own_memory())
    return rows, most - before


def _own_memory() -> int:
    """Return the bytes of this process that are no file's."""
    found = re.search(r"RssAnon:\s+(\d+) kB", _STATUS.read_text(encoding="ascii"))
    assert found, f"{_STATUS} has no RssAnon"
    return int(found[1]) << 10
