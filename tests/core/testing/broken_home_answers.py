"""Homes that each tell something untrue of their tables: how far, how many, which, in which parts."""

from __future__ import annotations

import polars as pl
from attrs import evolve

from core.testing.broken_homes import Contract, broken
from core.testing.sound_home import SoundHome, SoundReading
from hygge_core.home import Finding
from hygge_core.mark import Mark


class HighAbove(SoundReading):
    def high(self):
        high = super().high()
        return evolve(high, text=str(int(high.text) + 1)) if high and high.dtype == "int64" else high


class TestTellsAHighestValueThatIsTooHigh(Contract):
    home_type = broken(HighAbove)
    caught_by = frozenset(
        {"test_the_highest_value_does_not_depend_on_the_range", "test_the_highest_value_is_that_of_the_rows"}
    )


class HighWithin(SoundReading):
    def high(self):
        wanted, high = self.request.range, super().high()
        return wanted.high or high


class TestTellsTheHighestValueOfTheRange(Contract):
    home_type = broken(HighWithin)
    caught_by = frozenset({"test_the_highest_value_does_not_depend_on_the_range"})


class HighOfNothing(SoundReading):
    def high(self):
        return super().high() or Mark(dtype="int64", text="0")


class TestTellsAHighestValueWhereThereIsNone(Contract):
    home_type = broken(HighOfNothing)
    caught_by = frozenset({"test_a_column_without_values_has_no_highest", "test_an_empty_table_has_no_highest"})


class HidesNulls(SoundReading):
    def has_nulls(self):
        return False


class TestDoesNotTellOfMissingValues(Contract):
    home_type = broken(HidesNulls)
    caught_by = frozenset({"test_the_highest_value_is_that_of_the_rows", "test_a_column_without_values_has_no_highest"})


class MiscountsReading(SoundReading):
    def rows(self):
        return self.counted + 1


class TestMiscountsItsRows(Contract):
    home_type = broken(MiscountsReading, count=lambda home, request: SoundHome.count(home, request) - 1)
    caught_by = frozenset({"test_a_reading_knows_its_rows"})


class TestMiscountsATable(Contract):
    home_type = broken(count=lambda home, request: SoundHome.count(home, request) + 1)
    caught_by = frozenset({"test_a_home_counts_the_rows", "test_a_home_counts_what_a_range_yields"})


class TestCountsWithoutTheRange(Contract):
    home_type = broken(count=lambda home, request: SoundHome.count(home, evolve(request, range=None)))
    caught_by = frozenset({"test_a_home_counts_what_a_range_yields"})


class ScansLess(SoundReading):
    def scan(self):
        return super().scan().filter(pl.int_range(pl.len()) > 0)


class TestScansOtherRowsThanItsBatches(Contract):
    home_type = broken(ScansLess)
    caught_by = frozenset({"test_a_scan_holds_the_same_rows", "test_a_scan_can_be_narrowed"})


class ListsTwice(SoundReading):
    def files(self):
        return [*super().files(), *super().files()[:1]]


class TestListsAFileTwice(Contract):
    home_type = broken(ListsTwice)
    caught_by = frozenset({"test_listed_files_hold_the_same_rows"})


class Overlaps(SoundReading):
    def parts(self):
        self.handles.append(self.opened(self.paths[0]))
        return super().parts()


class TestPartsOverlap(Contract):
    home_type = broken(Overlaps)
    caught_by = frozenset({"test_parts_hold_every_row_once", "test_parts_are_read_at_once"})


class LosesAPart(SoundReading):
    def parts(self):
        return super().parts()[1:]


class TestPartsLeaveRowsOut(Contract):
    home_type = broken(LosesAPart)
    caught_by = frozenset({"test_parts_hold_every_row_once", "test_parts_are_read_at_once"})


def split_to_overlap(home, request, parts):
    requests = SoundHome.split(home, request, parts)
    return [evolve(part, first=0) if part.first else part for part in requests]


class TestSplitsIntoTheSamePartTwice(Contract):
    home_type = broken(split=split_to_overlap)
    caught_by = frozenset({"test_a_split_table_holds_every_row_once", "test_a_part_is_read_by_another_process"})


def split_too_often(home, request, parts):
    return SoundHome.split(home, request, parts + 1)


class TestSplitsIntoMorePartsThanAsked(Contract):
    home_type = broken(split=split_too_often)
    caught_by = frozenset({"test_a_split_table_holds_every_row_once"})


class TestListsATableThatIsNotThere(Contract):
    home_type = broken(discover=lambda home: [*SoundHome.discover(home), "no_such_table"])
    caught_by = frozenset({"test_tables_are_listed"})


class TestForgetsATable(Contract):
    home_type = broken(discover=lambda home: [name for name in SoundHome.discover(home) if " " not in name])
    caught_by = frozenset({"test_listed_tables_can_be_read"})


def content(*_):
    yield Finding(probe="folder", ok=True, what="is there")


class TestProbesFindNothingWrong(Contract):
    home_type = broken(probe=content)
    caught_by = frozenset({"test_a_probe_finds_that_a_table_is_missing"})
