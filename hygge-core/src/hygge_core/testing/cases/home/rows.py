"""Every row of the source comes, and comes once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest
from attrs import evolve

from hygge_core.testing.frames import small
from hygge_core.testing.readings import yields


if TYPE_CHECKING:
    from hygge_core.home import Home
    from hygge_core.testing.readings import Fill, OpenHome, Sample


class RowCases:
    """Batches may be cut anywhere; nothing may be lost or repeated where they are."""

    promise: ClassVar[str] = "every row comes exactly once, with its exact values"

    def test_every_row_comes_once(self, home: Home, sample: Sample) -> None:
        yields(home, sample.request, sample.rows, "every row comes exactly once")

    def test_small_batches_hold_the_same_rows(self, home: Home, sample: Sample) -> None:
        for size in (1, 100, 1000):
            request = evolve(sample.request, batch_bytes=size)
            yields(home, request, sample.rows, f"every row comes exactly once, also in batches of {size} bytes")

    @pytest.mark.parametrize("rows", [1, 2, 7, 31, 32, 33])
    def test_no_row_is_lost_at_the_edge_of_a_batch(self, home: Home, fill: Fill, rows: int) -> None:
        frame = small(0, rows)
        request = evolve(fill("edges", frame), batch_bytes=128)
        yields(home, request, frame, f"all of {rows} rows come exactly once, wherever batches end")

    def test_many_batches_hold_every_row_once(self, home: Home, fill: Fill) -> None:
        frame = small(0, 5000)
        request = evolve(fill("many", frame), batch_bytes=4096)
        yields(home, request, frame, "every row of a table of many batches comes exactly once")

    def test_equal_rows_all_come(self, home: Home, fill: Fill) -> None:
        frame = pl.DataFrame({"id": [1] * 30 + [2] * 30, "name": ["a"] * 30 + ["b"] * 30})
        yields(home, fill("equals", frame), frame, "rows that are equal all come")

    def test_reading_again_yields_the_same(self, home: Home, open_home: OpenHome, sample: Sample) -> None:
        for opened in (home, home, open_home()):
            yields(opened, sample.request, sample.rows, "a table can be read again, with the same rows")
