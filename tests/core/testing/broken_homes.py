"""Homes that each break one promise about rows, for the contract to catch.

Every class breaks one step of `sound_home.SoundHome`, and ``caught_by`` names the cases that
must fail for it: exactly these and no others, so that a case that grows blind, or one
that cries for the wrong reason, is noticed.  `test_broken_homes` runs them all.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl
from attrs import evolve

from core.testing.sound_home import SoundContract, SoundHome, SoundReading
from hygge_core.watermark.boundary import inside


BROKEN: dict[str, type] = {}
FILLED: set[str] = set()  # places whose tables this process made


def broken(reading=SoundReading, **members):
    """Make a home whose readings or own steps are broken."""

    class Home(SoundHome):
        def read(self, request):
            return reading(self, request, self.files(request))

    return type("BrokenHome", (Home,), members)


class Contract(SoundContract):
    __test__ = False
    home_type = SoundHome
    caught_by: ClassVar[frozenset[str]] = frozenset()
    spreads: ClassVar[bool] = False  # whether so much breaks that `caught_by` is only the part that must

    def __init_subclass__(cls):
        cls.__test__ = True
        cls.opener = f"{cls.__module__.removeprefix('tests.')}:{cls.__name__}.home_type"
        BROKEN[cls.__name__] = cls


class LosesARow(SoundReading):
    def cut(self, frame):
        first, *others = [*super().cut(frame)] or [frame]
        yield first
        yield from (batch.slice(1) for batch in others)


class TestLosesARowAtTheEdgeOfABatch(Contract):
    home_type = broken(LosesARow)
    caught_by = frozenset(
        {
            "test_many_batches_hold_every_row_once",
            "test_small_batches_hold_the_same_rows",
            "test_parts_are_read_at_once",
            "test_a_cancelled_reading_never_ends_early",
        }
    )


class RepeatsABatch(SoundReading):
    def cut(self, frame):
        batches = list(super().cut(frame))
        yield from batches
        yield from batches[1:2]


class TestRepeatsABatch(Contract):
    home_type = broken(RepeatsABatch)
    caught_by = frozenset(
        {
            "test_many_batches_hold_every_row_once",
            "test_small_batches_hold_the_same_rows",
            "test_parts_are_read_at_once",
            "test_a_cancelled_reading_never_ends_early",
        }
    )


class DropsEqualRows(SoundReading):
    def kept(self, frame):
        return super().kept(frame).unique(maintain_order=True)


class TestDropsEqualRows(Contract):
    home_type = broken(DropsEqualRows)
    caught_by = frozenset({"test_equal_rows_all_come"})


class CutsMoments(SoundReading):
    def frame(self, handle):
        moments = pl.selectors.datetime("us")
        return super().frame(handle).with_columns(moments.dt.truncate("1ms"))


class TestCutsMoments(Contract):
    home_type = broken(CutsMoments)
    caught_by = frozenset(
        {
            "test_dtypes_are_read",
            "test_ranges_of_each_dtype_lose_no_row",
            "test_the_highest_value_is_that_of_the_rows",
        }
    )


class OtherSchema(SoundReading):
    def known_schema(self):
        return pl.Schema(
            {name: pl.Int32() if name == "id" else dtype for name, dtype in super().known_schema().items()}
        )


class TestAnnouncesOtherColumns(Contract):
    home_type = broken(OtherSchema)
    caught_by = frozenset({"test_every_batch_has_the_schema", "test_the_columns_are_known_before_the_first_row"})
    spreads = True


class LearnsLate(SoundReading):
    def known_schema(self):
        known = super().known_schema()
        return pl.Schema(dict.fromkeys(known, pl.String())) if self.request.batch_bytes > 1 << 20 else known

    def batches(self):
        self.schema = super().known_schema()
        yield from super().batches()


class TestLearnsItsColumnsFromTheRows(Contract):
    home_type = broken(LearnsLate)
    caught_by = frozenset({"test_the_columns_are_known_before_the_first_row"})
    spreads = True


class GuessesEmpty(SoundReading):
    def frame(self, handle):
        frame = super().frame(handle)
        return frame if frame.height else frame.cast(pl.String)


class TestGuessesTheTypesOfAnEmptyTable(Contract):
    home_type = broken(GuessesEmpty)
    caught_by = frozenset({"test_an_empty_table_has_its_columns", "test_a_split_table_holds_every_row_once"})


class HoldsAll(SoundReading):
    def batches(self):
        frame = self.kept(pl.concat([self.frame(handle) for handle in self.handles]))
        for batch in self.cut(frame):
            yield batch.clone()
        assert frame.height >= 0  # so that it lives until here


class TestHoldsTheWholeTable(Contract):
    home_type = broken(HoldsAll)
    caught_by = frozenset({"test_no_more_frames_are_held_than_a_few_batches", "test_a_large_table_is_never_held_whole"})
    spreads = True  # a cancelled reading does not ask whether it was


class IgnoresSize(SoundReading):
    def cut(self, frame):
        yield from [frame] if frame.height else []


class TestIgnoresTheSizeOfABatch(Contract):
    home_type = broken(IgnoresSize)
    caught_by = frozenset(
        {
            "test_batches_stay_near_the_size_asked_for",
            "test_rows_larger_than_a_batch_come_a_few_at_a_time",
            "test_rows_that_grow_make_no_larger_batches",
        }
    )


class Dribbles(SoundReading):
    def cut(self, frame):
        yield from frame.iter_slices(1)


class TestYieldsRowByRow(Contract):
    home_type = broken(Dribbles)
    caught_by = frozenset({"test_batches_stay_near_the_size_asked_for"})


class GoesByTheFirstRows(SoundReading):
    def cut(self, frame):
        begin = frame.head(8)
        rows = max(1, self.request.batch_bytes * begin.height // max(1, int(begin.estimated_size())))
        yield from (batch for batch in frame.iter_slices(rows) if batch.height)


class TestJudgesAllRowsByTheFirst(Contract):
    home_type = broken(GoesByTheFirstRows)
    caught_by = frozenset({"test_rows_that_grow_make_no_larger_batches"})


class ForgetsAColumn(SoundReading):
    def kept(self, frame):
        kept = super().kept(frame)
        return kept.select(self.request.columns[1:]) if len(self.request.columns) > 1 else kept


class TestDropsAColumnThatWasAskedFor(Contract):
    home_type = broken(ForgetsAColumn)
    caught_by = frozenset({"test_chosen_columns_come_with_every_row", "test_a_range_and_chosen_columns_lose_no_row"})


class ExcludesBounds(SoundReading):
    def within(self, wanted):
        low = None if wanted.low is None else ~inside(evolve(wanted, high=wanted.low, low=wanted.low, nulls=False))
        return inside(wanted) if low is None else inside(wanted) & low.fill_null(value=True)


class TestLeavesOutRowsAtTheLowerBound(Contract):
    home_type = broken(ExcludesBounds)
    caught_by = frozenset(
        {
            "test_ranges_lose_no_row",
            "test_a_range_and_chosen_columns_lose_no_row",
            "test_ranges_of_each_dtype_lose_no_row",
        }
    )


class LosesNulls(SoundReading):
    def within(self, wanted):
        return inside(evolve(wanted, nulls=False))


class TestLeavesOutRowsWithoutAValue(Contract):
    home_type = broken(LosesNulls)
    caught_by = frozenset(
        {
            "test_ranges_lose_no_row",
            "test_a_range_and_chosen_columns_lose_no_row",
            "test_ranges_of_each_dtype_lose_no_row",
        }
    )
