"""Closing lets go of everything, whenever it comes."""

from __future__ import annotations

import gc
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import evolve

from hygge_core.testing.frames import small
from hygge_core.testing.judge import needs
from hygge_core.testing.readings import beginning, rows_of, yields


if TYPE_CHECKING:
    from hygge_core.home import Home, ReadRequest
    from hygge_core.testing.readings import Fill, OpenHome, Sample


_OPEN_FILES = Path("/dev/fd")
_TIMES = 8


class ClosingCases:
    """A thousand tables in one process leave no file, no cursor and no lock behind."""

    promise: ClassVar[str] = "closing lets go of files, cursors and locks, also in the middle of a table"

    def test_closing_a_reading_twice_is_safe(self, home: Home, sample: Sample) -> None:
        reading = home.read(sample.request)
        for _ in reading.batches():
            pass
        reading.close()
        reading.close()

    def test_closing_a_reading_that_was_not_read_is_safe(self, home: Home, sample: Sample) -> None:
        reading = home.read(sample.request)
        reading.close()
        reading.close()
        yields(home, sample.request, sample.rows, "a reading that was closed unread takes nothing from the next")

    def test_closing_a_reading_in_the_middle_is_safe(self, home: Home, sample: Sample) -> None:
        with beginning(home, evolve(sample.request, batch_bytes=200)) as (reading, _, _):
            reading.close()
        yields(home, sample.request, sample.rows, "a reading that was closed in the middle takes nothing from the next")

    def test_closing_a_home_twice_is_safe(self, open_home: OpenHome, sample: Sample) -> None:
        home = open_home()
        rows_of(home, sample.request)
        home.close()
        home.close()

    def test_closing_a_home_leaves_others_alone(self, home: Home, open_home: OpenHome, sample: Sample) -> None:
        other = open_home()
        rows_of(other, sample.request)
        other.close()
        yields(home, sample.request, sample.rows, "closing one home takes nothing from another")

    def test_a_closed_reading_holds_no_lock(self, home: Home, fill: Fill) -> None:
        request = evolve(fill("freed", small(0, 2000)), batch_bytes=4096)
        with beginning(home, request) as (reading, _, _):
            reading.close()
        later = small(7, 3)
        yields(home, fill("freed", later), later, "a table that was read can be replaced when its reading is closed")

    def test_closed_readings_hold_no_files(self, home: Home, sample: Sample) -> None:
        needs(_OPEN_FILES.is_dir(), "this system does not list the open files of a process")
        request = evolve(sample.request, batch_bytes=200)
        kept = [_abandoned(home, request)]  # the first may open what all share
        before = _open_files()
        kept += [_abandoned(home, request) for _ in range(_TIMES)]
        more = _open_files() - before
        assert more < _TIMES, f"broken promise: a closed reading holds no file; {len(kept) - 1} of them hold {more}"

    def test_nothing_is_left_to_the_garbage_collector(self, open_home: OpenHome, sample: Sample) -> None:
        gc.collect()
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            home = open_home()
            _abandoned(home, evolve(sample.request, batch_bytes=200))
            home.close()
            gc.collect()
        left = [str(each.message) for each in told if issubclass(each.category, ResourceWarning)]
        assert not left, f"broken promise: what was opened is closed, and not left for Python to find: {left}"


def _abandoned(home: Home, request: ReadRequest) -> Any:
    """Begin to read, leave the batches as they are, and close."""
    reading = home.read(request)
    batches = iter(reading.batches())
    next(batches, None)
    reading.close()
    with suppress(Exception):  # the batches of a closed reading end, in whichever way
        next(batches, None)
    return reading, batches


def _open_files() -> int:
    return len(list(_OPEN_FILES.iterdir()))
