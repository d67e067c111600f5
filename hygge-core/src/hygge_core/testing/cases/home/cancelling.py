"""A reading can be given up from another thread, and says so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, ClassVar

import pytest
from attrs import evolve

from hygge_core.errors import HomeError
from hygge_core.home import Cancels
from hygge_core.testing.frames import small
from hygge_core.testing.readings import beginning, yields


if TYPE_CHECKING:
    from hygge_core.home import Home, Reading
    from hygge_core.testing.readings import Fill, Sample


_PATIENCE = 60


class CancellingCases:
    """Ctrl-C and a deadline must not wait for a server, and must not leave half a table that looks whole."""

    promise: ClassVar[str] = "a reading that is cancelled ends with an error or with all its rows, and harms no other"

    def test_a_cancelled_reading_never_ends_early(self, home: Home, fill: Fill) -> None:
        frame = small(0, 5000)
        request = evolve(fill("cancelled", frame), batch_bytes=4096)
        with beginning(home, request) as (reading, batches, first):
            _cancel(reading)
            rows = first.height
            try:
                rows += sum(batch.height for batch in batches)
            except HomeError:
                rows = -1
            assert rows in {-1, frame.height}, (
                f"broken promise: a cancelled reading raises HomeError or yields all rows; it ended after {rows}"
            )
        yields(home, request, frame, "after a cancelled reading the table can be read as ever")

    def test_cancelling_is_safe_at_any_time(self, home: Home, sample: Sample) -> None:
        with closing(home.read(sample.request)) as reading:
            for _ in reading.batches():
                pass
            _cancel(reading)
        _cancel(reading)
        unread = home.read(sample.request)
        _cancel(unread)
        unread.close()
        _cancel(unread)
        yields(home, sample.request, sample.rows, "cancelling what is not at work takes nothing from other readings")


def _cancel(reading: Reading) -> None:
    if not isinstance(reading, Cancels):
        pytest.skip("the reading cannot be cancelled")
    with ThreadPoolExecutor(1) as threads:
        threads.submit(reading.cancel).result(_PATIENCE)
