"""A source that others change while it is read, and one that reading itself must not change."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING, ClassVar

import polars as pl
import pytest
from attrs import evolve

from hygge_core.errors import HomeError
from hygge_core.home import Isolated, ListsFiles, Probes, Scans
from hygge_core.testing.frames import small
from hygge_core.testing.readings import beginning, rows_of, yields


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygge_core.home import Home, Reading, ReadRequest
    from hygge_core.testing.readings import Fill, OpenHome, Sample


_ROWS = 5000


class ChangeCases:
    """A mix of two states is a table that never was."""

    promise: ClassVar[str] = "a change of the source while it is read is not seen, refused, or declared as possible"

    def test_isolation_is_told(self, home: Home, sample: Sample) -> None:
        with closing(home.read(sample.request)) as reading:
            if not isinstance(reading, Isolated):
                pytest.skip("the reading does not state its isolation")
            isolation = reading.isolation
        assert isolation.name.strip(), "broken promise: isolation is told in the source's own word"

    def test_a_table_that_changes_while_it_is_read_is_not_mixed(self, home: Home, fill: Fill) -> None:
        old = small(0, _ROWS)
        request = evolve(fill("moving", old), batch_bytes=4096)
        with beginning(home, request) as (reading, batches, first):
            _change(fill)
            try:
                found = pl.concat([first, *batches])
                _check(reading)
            except HomeError:
                return
            _demand_one_moment(reading, found, [old, _new()])

    def test_a_scan_of_a_table_that_changes_is_not_mixed(self, home: Home, fill: Fill) -> None:
        old = small(0, _ROWS)
        with closing(home.read(fill("moving", old))) as reading:
            if not isinstance(reading, Scans):
                pytest.skip("the reading is no scan")
            _change(fill)
            try:
                found = reading.scan().collect(engine="streaming")
                reading.check()
            except (HomeError, pl.exceptions.PolarsError, OSError):
                return
            _demand_one_moment(reading, found, [old])

    def test_the_next_reading_sees_the_change(self, home: Home, fill: Fill) -> None:
        rows_of(home, fill("moving", small(0, 10)))
        new = _new()
        yields(home, fill("moving", new), new, "a reading sees the source as it is when it is opened")

    def test_reading_changes_nothing(
        self, home: Home, open_home: OpenHome, sample: Sample, fingerprint: Callable[[], object]
    ) -> None:
        before = fingerprint()
        for opened in (home, open_home()):
            rows_of(opened, sample.request)
            if isinstance(opened, Probes):
                list(opened.probe(sample.request.entity, sample.request.flow))
            with closing(opened.read(evolve(sample.request, batch_bytes=200))) as reading:
                next(iter(reading.batches()), None)
            opened.close()
        after = fingerprint()
        assert after == before, f"broken promise: reading changes nothing in the source; before {before}, after {after}"


def _new() -> pl.DataFrame:
    return small(100_000, _ROWS)


def _change(fill: Callable[[str, pl.DataFrame], ReadRequest]) -> None:
    """Put other rows in the place of the table; a source may keep others out while it is read."""
    with suppress(Exception):
        fill("moving", _new())


def _check(reading: Reading) -> None:
    if isinstance(reading, (Scans, ListsFiles)):
        reading.check()


def _demand_one_moment(reading: Reading, found: pl.DataFrame, states: Sequence[pl.DataFrame]) -> None:
    if isinstance(reading, Isolated) and not reading.isolation.snapshot:
        return
    whole = any(found.sort("id").equals(state) for state in states)
    assert whole, (
        "broken promise: a table that changes while it is read is seen as it was, or refused, unless the reading's "
        f"isolation says that it is no snapshot; {found.height} rows came, {found['id'].n_unique()} of them different"
    )
