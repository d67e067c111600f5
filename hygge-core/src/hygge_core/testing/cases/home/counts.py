"""What is counted and listed is what is there."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, ClassVar

import pytest
from attrs import evolve

from hygge_core.home import Counts, Discovers, KnowsRows, Probes
from hygge_core.mark import Mark, Range
from hygge_core.testing.frames import small
from hygge_core.testing.readings import rows_of, together, yields


if TYPE_CHECKING:
    from hygge_core.home import Home, ReadRequest
    from hygge_core.testing.readings import Fill, Sample


class CountCases:
    """The engine compares counts with what arrived, and people with what they expect."""

    promise: ClassVar[str] = "rows are counted, tables listed and faults found as they are"

    def test_a_reading_knows_its_rows(self, home: Home, sample: Sample) -> None:
        with closing(home.read(sample.request)) as reading:
            if not isinstance(reading, KnowsRows):
                pytest.skip("the reading does not count its rows")
            before = reading.rows()
            arrived = together(reading).height
            assert before == arrived, f"broken promise: a reading knows its rows: {arrived} came, and it said {before}"
            assert reading.rows() == before, "broken promise: the count was taken when the reading was opened"

    @pytest.mark.parametrize("rows", [1, 2, 1000])
    def test_a_home_counts_the_rows(self, home: Home, fill: Fill, rows: int) -> None:
        if not isinstance(home, Counts):
            pytest.skip("the home does not count")
        request = fill("counted", small(0, rows))
        counted = home.count(request)
        assert counted == rows, f"broken promise: a home counts the rows it would yield: {rows}, not {counted}"

    def test_a_home_counts_what_a_range_yields(self, home: Home, fill: Fill) -> None:
        if not isinstance(home, Counts):
            pytest.skip("the home does not count")
        wanted = Range(column="id", low=Mark(dtype="int64", text="20"), high=Mark(dtype="int64", text="29"))
        request = evolve(fill("part", small(0, 100)), range=wanted)
        counted, arrived = home.count(request), rows_of(home, request).height
        assert counted == arrived, f"broken promise: a home counts the rows it would yield: {arrived}, not {counted}"

    def test_tables_are_listed(self, home: Home, sample: Sample, missing: ReadRequest) -> None:
        if not isinstance(home, Discovers):
            pytest.skip("the home does not list tables")
        found = list(home.discover())
        assert found.count(sample.request.entity) == 1, (
            f"broken promise: a table that is there is listed once: {sample.request.entity!r} in {found}"
        )
        assert missing.entity not in found, f"broken promise: only tables that are there are listed: {missing.entity!r}"

    def test_listed_tables_can_be_read(self, home: Home, fill: Fill) -> None:
        if not isinstance(home, Discovers):
            pytest.skip("the home does not list tables")
        frames = {"first": small(0, 3), "second one": small(10, 4)}
        requests = {name: fill(name, frame) for name, frame in frames.items()}
        for name in set(home.discover()) & set(frames):
            yields(
                home, evolve(requests[name], entity=name), frames.pop(name), f"the listed table {name!r} can be read"
            )
        assert not frames, f"broken promise: tables that are there are listed: {list(frames)}"

    def test_a_probe_finds_nothing_wrong_with_a_table_that_can_be_read(self, home: Home, sample: Sample) -> None:
        if not isinstance(home, Probes):
            pytest.skip("the home does not examine itself")
        found = list(home.probe(sample.request.entity, sample.request.flow))
        assert found, "broken promise: a probe says what it found"
        assert all(each.ok for each in found), f"broken promise: a probe finds only what is wrong: {found}"

    def test_a_probe_finds_that_a_table_is_missing(self, home: Home, missing: ReadRequest) -> None:
        if not isinstance(home, Probes):
            pytest.skip("the home does not examine itself")
        bad = [each for each in home.probe(missing.entity, missing.flow) if not each.ok]
        assert bad, "broken promise: a probe finds that a table is not there"
        assert all(each.what and each.fix for each in bad), f"broken promise: a finding says what to try: {bad}"
