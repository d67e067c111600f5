"""A plan says what would be read without reading it, and a report says the same afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from hygge_core.testing.readings import rows_of


if TYPE_CHECKING:
    from hygge_core.home import Home, ReadRequest
    from hygge_core.testing.readings import OpenHome, Sample


class LocatingCases:
    """People find a table again by what ``locate`` says."""

    promise: ClassVar[str] = "what would be read is told in one line, always the same, before anything is opened"

    def test_what_is_read_is_told_in_one_line(self, home: Home, sample: Sample) -> None:
        place = home.locate(sample.request)
        assert isinstance(place, str), f"broken promise: a place is told as text, not {place!r}"
        assert place.strip(), "broken promise: a place is told"
        assert "\n" not in place, f"broken promise: a place is told in one line: {place!r}"

    def test_a_place_is_always_the_same(self, home: Home, open_home: OpenHome, sample: Sample) -> None:
        before = home.locate(sample.request)
        rows_of(home, sample.request)
        for opened in (home, open_home()):
            again = opened.locate(sample.request)
            assert again == before, f"broken promise: a table's place is always the same: {before!r}, not {again!r}"

    def test_tables_have_places_of_their_own(self, home: Home, sample: Sample, missing: ReadRequest) -> None:
        here, there = home.locate(sample.request), home.locate(missing)
        assert here != there, f"broken promise: two tables have two places, not both {here!r}"

    def test_a_missing_table_has_a_place(self, home: Home, missing: ReadRequest) -> None:
        assert home.locate(missing).strip(), "broken promise: a place is told before anybody knows whether it is there"
