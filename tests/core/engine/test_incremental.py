"""An incremental run moves each version of a row once, and data and progress stay together."""

from __future__ import annotations

import polars as pl
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from hygge_core import HomeUnavailable
from hygge_core.home import Isolation
from hygge_core.mark import Mark
from hygge_core.polish.config import PolishConfig
from hygge_core.testing import MemoryHome
from hygge_core.watermark.config import WatermarkConfig
from hygge_core.watermark.window import Backfill
from shelf import BY_T, ROADS, Shelf, teas


@pytest.fixture(params=ROADS)
def shelf(request, tmp_path):
    return Shelf(request.param, tmp_path)


@pytest.fixture
def place(tmp_path):
    """A shelf whose road does not matter."""
    return Shelf("batches", tmp_path)


def counts(outcome):
    rows = outcome.rows
    return rows.read, rows.dropped, rows.staged, rows.visible


def test_the_first_run_loads_everything_and_says_how_far_it_came(shelf):
    outcome = shelf.settle(teas((1, 5, "sencha"), (2, 7, "assam")))
    assert shelf.shown() == [(1, 5, "sencha"), (2, 7, "assam")]
    assert (outcome.mode, outcome.road, counts(outcome)) == ("replace", shelf.road, (2, None, 2, 2))
    found = outcome.watermark
    assert (found.column, found.key, found.dtype) == ("t", ("id",), "int64")
    assert (found.low, found.high, found.mark) == (None, "7", "7")
    assert shelf.last().watermark.mark == Mark(dtype="int64", text="7")


def test_a_quiet_source_commits_nothing(shelf):
    source = teas((1, 5, "sencha"), (2, 7, "assam"), (3, 7, "ceylon"))
    shelf.settle(source)
    outcome = shelf.settle(source)
    assert (outcome.state, counts(outcome)) == ("kept", (2, 2, 0, None))
    assert shelf.last().sequence == 1
    assert [event.data["reason"] for event in shelf.events if event.kind == "table.kept"] == ["nothing new"]
    assert shelf.shown() == [(1, 5, "sencha"), (2, 7, "assam"), (3, 7, "ceylon")]


def test_rows_that_share_the_last_mark_are_neither_lost_nor_doubled(shelf):  # defect 14 of the original
    shelf.settle(teas((1, 5, "sencha"), (2, 7, "assam")))
    outcome = shelf.settle(teas((1, 5, "sencha"), (2, 7, "assam"), (3, 7, "ceylon")))
    assert (outcome.mode, counts(outcome)) == ("append", (2, 1, 1, 1))
    assert shelf.shown() == [(1, 5, "sencha"), (2, 7, "assam"), (3, 7, "ceylon")]


def test_only_what_is_new_moves_and_every_version_stays(shelf):
    shelf.settle(teas((1, 5, "sencha"), (2, 7, "assam")))
    outcome = shelf.settle(teas((1, 9, "gyokuro"), (2, 7, "assam"), (3, 8, "ceylon")))
    assert (outcome.watermark.low, outcome.watermark.high, outcome.watermark.mark) == ("7", "9", "9")
    assert counts(outcome) == (3, 1, 2, 2)
    assert shelf.shown() == [(1, 5, "sencha"), (1, 9, "gyokuro"), (2, 7, "assam"), (3, 8, "ceylon")]


def test_the_range_is_told_before_it_is_read(shelf):
    shelf.settle(teas((1, 5, "sencha")))
    shelf.settle(teas((1, 5, "sencha"), (2, 9, "assam")))
    kinds = [event.kind for event in shelf.events if event.kind not in ("table.progress", "warning")]
    assert kinds == ["run.started", "table.started", "table.range", "table.staged", "table.committed", "run.finished"]
    assert [event.data for event in shelf.events if event.kind == "table.range"] == [
        {"column": "t", "low": "5", "high": "9"}
    ]


def test_an_upsert_keeps_one_row_for_each_key(place):
    place.settle(teas((1, 5, "sencha"), (2, 7, "assam"), (4, 1, "mate")), write="upsert")
    outcome = place.settle(teas((1, 9, "gyokuro"), (2, 7, "assam"), (3, 8, "ceylon"), (4, 1, "mate")), write="upsert")
    assert (outcome.mode, counts(outcome), outcome.rows.carried) == ("upsert", (3, 1, 2, 4), 2)
    assert place.shown() == [(1, 9, "gyokuro"), (2, 7, "assam"), (3, 8, "ceylon"), (4, 1, "mate")]
    assert place.mark() == "9"


def test_an_upsert_replaces_a_row_that_changed_without_its_mark_at_the_boundary(place):
    place.settle(teas((1, 5, "sencha"), (2, 7, "assam")), write="upsert")
    outcome = place.settle(teas((1, 5, "sencha"), (2, 7, "darjeeling")), write="upsert")
    assert (outcome.state, counts(outcome)) == ("committed", (1, 0, 1, 2))
    assert place.shown() == [(1, 5, "sencha"), (2, 7, "darjeeling")]


def test_an_upsert_of_a_quiet_source_commits_nothing(place):
    source = teas((1, 5, None), (2, 7, None))
    place.settle(source, write="upsert")
    outcome = place.settle(source, write="upsert")
    assert (outcome.state, outcome.rows.dropped, place.last().sequence) == ("kept", 1, 1)


def test_an_upsert_that_drops_the_column_from_the_table_still_follows_it(place):
    polish = PolishConfig(exclude=("t",))
    place.settle(teas((1, 5, "sencha"), (2, 7, "assam")), write="upsert", polish=polish)
    place.settle(teas((1, 8, "gyokuro"), (2, 7, "assam")), write="upsert", polish=polish)
    assert place.shown() == [(1, "gyokuro"), (2, "assam")]
    assert place.mark() == "8"


def test_an_upsert_takes_a_new_column_along(place):
    place.settle(teas((1, 5, "sencha")), write="upsert")
    place.settle(teas((1, 5, "sencha"), (2, 6, "assam")).with_columns(cups=pl.lit(3)), write="upsert")
    assert place.shown() == [(1, 5, "sencha", 3), (2, 6, "assam", 3)]


def test_late_rows_within_the_lag_arrive_and_others_do_not(shelf):
    lagging = evolve(BY_T, lag=3)
    shelf.settle(teas((1, 10, "sencha")), watermark=lagging)
    late = teas((1, 10, "sencha"), (2, 7, "on the edge"), (3, 6, "too late"))
    outcome = shelf.settle(late, watermark=lagging)
    assert (outcome.watermark.low, counts(outcome)) == ("7", (2, 1, 1, 1))
    assert shelf.shown() == [(1, 10, "sencha"), (2, 7, "on the edge")]
    assert shelf.settle(late, watermark=lagging).state == "kept"


def test_the_lag_never_goes_below_where_the_table_was_told_to_begin(shelf):
    beginning = evolve(BY_T, lag=100, initial=5)
    source = teas((1, 4, "too old"), (2, 5, "first"), (3, 6, "second"))
    outcome = shelf.settle(source, watermark=beginning)
    assert (outcome.watermark.low, shelf.shown()) == ("5", [(2, 5, "first"), (3, 6, "second")])
    outcome = shelf.settle(source, watermark=beginning)
    assert (outcome.state, outcome.watermark.low) == ("kept", "5")


def test_a_beginning_beyond_the_mark_loses_nothing(shelf):
    shelf.settle(teas((1, 5, "sencha")))
    shelf.settle(teas((1, 5, "sencha"), (2, 6, "assam")), watermark=evolve(BY_T, lag=1, initial=100))
    assert shelf.shown() == [(1, 5, "sencha"), (2, 6, "assam")]


def test_rows_without_a_value_are_read_in_every_run_if_they_are_included(shelf):
    included = evolve(BY_T, nulls="include")
    shelf.settle(teas((1, 5, "sencha"), (2, None, "unsure")), watermark=included)
    source = teas((1, 5, "sencha"), (2, None, "unsure"), (3, None, "new"))
    assert counts(shelf.settle(source, watermark=included)) == (3, 2, 1, 1)
    assert shelf.settle(source, watermark=included).state == "kept"
    assert shelf.shown() == [(1, 5, "sencha"), (2, None, "unsure"), (3, None, "new")]


def test_rows_without_a_value_are_read_once_if_that_is_asked(shelf):
    once = evolve(BY_T, nulls="once")
    shelf.settle(teas((1, 5, "sencha"), (2, None, "unsure")), watermark=once)
    shelf.settle(teas((1, 5, "sencha"), (3, None, "late"), (4, 6, "assam")), watermark=once)
    assert shelf.shown() == [(1, 5, "sencha"), (2, None, "unsure"), (4, 6, "assam")]


def test_a_source_of_nothing_but_missing_values_has_no_mark_and_is_not_doubled(shelf):
    once = evolve(BY_T, nulls="once")
    source = teas((1, None, "unsure"), (2, None, "unsure too"))
    outcome = shelf.settle(source, watermark=once)
    assert (outcome.watermark.high, outcome.watermark.mark, len(shelf.shown())) == (None, None, 2)
    assert shelf.settle(source, watermark=once).state == "kept"
    shelf.settle(teas((1, None, "unsure"), (2, 3, "sure"), (3, None, "new")), watermark=once)
    assert shelf.shown() == [(1, None, "unsure"), (2, 3, "sure"), (2, None, "unsure too"), (3, None, "new")]


def test_a_key_of_several_columns_tells_rows_apart_also_by_what_is_missing(shelf):
    composite = WatermarkConfig(column="t", key=("id", "tea"))
    shelf.settle(teas((1, 5, "sencha"), (1, 5, None)), watermark=composite)
    source = teas((1, 5, "sencha"), (1, 5, None), (1, 5, "assam"), (None, 5, None))
    assert counts(shelf.settle(source, watermark=composite)) == (4, 2, 2, 2)
    assert shelf.settle(source, watermark=composite).state == "kept"


def test_the_column_may_be_part_of_the_key(shelf):
    both = WatermarkConfig(column="t", key=("t", "id"))
    shelf.settle(teas((1, 5, "sencha")), watermark=both)
    shelf.settle(teas((1, 5, "sencha"), (2, 5, "assam")), watermark=both)
    assert shelf.shown() == [(1, 5, "sencha"), (2, 5, "assam")]


def test_a_polish_may_rename_and_reorder_what_tells_rows_apart(shelf):
    polish = PolishConfig(select=("tea", "t", "id"), rename={"id": "Tea Id", "t": "When"})
    shelf.settle(teas((1, 5, "sencha")), polish=polish)
    outcome = shelf.settle(teas((1, 5, "sencha"), (2, 5, "assam"), (3, 6, "ceylon")), polish=polish)
    assert (counts(outcome), outcome.watermark.column, outcome.watermark.key) == ((3, 1, 2, 2), "t", ("id",))
    assert shelf.shown() == [("assam", 5, 2), ("ceylon", 6, 3), ("sencha", 5, 1)]


def test_a_full_drop_carries_the_watermark_so_that_incremental_runs_go_on_from_it(shelf):
    first = teas((1, 5, "sencha"), (2, None, "unsure"))
    outcome = shelf.settle(first, run_type="full_drop")
    assert (outcome.mode, outcome.watermark.mark, counts(outcome)[1:]) == ("replace", "5", (None, 2, 2))
    shelf.settle(teas((1, 5, "sencha"), (3, 6, "assam")))
    assert shelf.shown() == [(1, 5, "sencha"), (2, None, "unsure"), (3, 6, "assam")]
    outcome = shelf.settle(teas((3, 6, "assam"), (4, 4, "restored")), run_type="full_drop")
    assert (shelf.shown(), outcome.watermark.mark) == ([(3, 6, "assam"), (4, 4, "restored")], "6")
    assert shelf.settle(teas((3, 6, "assam"), (4, 4, "restored"))).state == "kept"


def test_a_full_drop_may_take_the_watermark_back_because_the_table_begins_anew(shelf):
    shelf.settle(teas((1, 9, "sencha")))
    outcome = shelf.settle(teas((1, 3, "sencha")), run_type="full_drop")
    assert (outcome.watermark.mark, outcome.warnings) == ("3", ())
    shelf.settle(teas((1, 3, "sencha"), (2, 4, "assam")))
    assert shelf.shown() == [(1, 3, "sencha"), (2, 4, "assam")]


def test_an_append_of_everything_carries_the_watermark_and_never_takes_it_back(shelf):
    shelf.settle(teas((1, 9, "sencha")), run_type="append")
    outcome = shelf.settle(teas((2, 5, "assam")), run_type="append")
    assert (outcome.mode, outcome.watermark.mark) == ("append", "9")
    assert "ends at 5, before the watermark 9, which stays" in outcome.warnings[0]
    shelf.settle(teas((1, 9, "sencha"), (2, 5, "assam"), (3, 9, "ceylon")))
    assert shelf.shown() == [(1, 9, "sencha"), (2, 5, "assam"), (3, 9, "ceylon")]


def test_an_append_of_everything_by_another_column_forgets_the_mark_of_the_old_one(place):
    place.settle(teas((1, 9, "sencha")), run_type="append")
    outcome = place.settle(teas((2, 5, "assam")), run_type="append", watermark=WatermarkConfig(column="id"))
    assert (outcome.watermark.column, outcome.watermark.mark, outcome.warnings) == ("id", "2", ())


def test_a_reset_reads_everything_again_and_adds_only_what_is_missing(shelf):
    shelf.settle(teas((1, 5, "sencha"), (2, 7, "assam")))
    shelf.commit_by_hand(None, origin="reset")
    assert shelf.mark() is None
    outcome = shelf.settle(teas((1, 5, "sencha"), (2, 7, "assam"), (3, 1, "was late")))
    assert (outcome.watermark.low, counts(outcome), shelf.mark()) == (None, (3, 2, 1, 1), "7")
    assert shelf.shown() == [(1, 5, "sencha"), (2, 7, "assam"), (3, 1, "was late")]


def test_a_reset_begins_where_the_configuration_says(shelf):
    beginning = evolve(BY_T, initial="6")
    source = teas((1, 5, "sencha"), (2, 7, "assam"), (3, 6, "ceylon"))
    shelf.settle(source, watermark=beginning)
    shelf.commit_by_hand(None, origin="reset")
    outcome = shelf.settle(source, watermark=beginning)
    assert (outcome.watermark.low, counts(outcome)) == ("6", (2, 2, 0, 0))
    assert (shelf.mark(), len(shelf.shown())) == ("7", 2)


def test_a_watermark_that_was_set_back_moves_on_without_leaving_an_empty_file(shelf):
    source = teas((1, 5, "sencha"), (2, 7, "assam"))
    shelf.settle(source)
    shelf.commit_by_hand(Mark(dtype="int64", text="5"))
    outcome = shelf.settle(source)
    assert (outcome.state, outcome.files, counts(outcome), shelf.mark()) == ("committed", 0, (2, 2, 0, 0), "7")
    assert shelf.settle(source).state == "kept"


def test_a_backfill_adds_what_is_missing_in_its_range_and_leaves_the_watermark(shelf):
    shelf.settle(teas((1, 5, "sencha"), (2, 9, "assam")))
    source = teas((1, 5, "sencha"), (2, 9, "assam"), (3, 4, "late"), (4, 6, "late too"), (5, 7, "outside"))
    outcome = shelf.settle(source, backfill=Backfill(low="4", high="6"))
    assert (outcome.watermark.low, outcome.watermark.high, outcome.watermark.mark) == ("4", "6", "9")
    assert (counts(outcome), shelf.mark()) == ((3, 1, 2, 2), "9")
    assert shelf.shown() == [(1, 5, "sencha"), (2, 9, "assam"), (3, 4, "late"), (4, 6, "late too")]
    assert shelf.settle(source, backfill=Backfill(low="4", high="6")).state == "kept"


@pytest.mark.parametrize(
    ("asked", "shown", "mark"),
    [
        (Backfill(high="6"), [1, 2, 3, 4], "9"),
        (Backfill(low="6"), [1, 2, 4, 5, 6, 7], "9"),
        (Backfill(low="6", high="7", moves=True), [1, 2, 4, 5], "9"),
        (Backfill(low="6", high="11", moves=True), [1, 2, 4, 5, 6], "11"),
        (Backfill(low="6", high="1000", moves=True), [1, 2, 4, 5, 6, 7], "12"),
        (Backfill(low="6", moves=True), [1, 2, 4, 5, 6, 7], "12"),
    ],
)
def test_a_backfill_may_be_open_and_may_move_the_watermark_but_never_back_or_beyond_the_source(
    place, asked, shown, mark
):
    place.settle(teas((1, 5, ""), (2, 9, "")))
    source = teas((1, 5, ""), (2, 9, ""), (3, 4, ""), (4, 6, ""), (5, 7, ""), (6, 11, ""), (7, 12, ""))
    place.settle(source, backfill=asked)
    assert ([row[0] for row in place.shown()], place.mark()) == (shown, mark)


def test_a_table_may_begin_with_a_backfill_and_gets_the_rest_afterwards(shelf):
    source = teas((1, 5, "sencha"), (2, 9, "assam"), (3, 4, "mate"))
    outcome = shelf.settle(source, backfill=Backfill(low="4", high="5"))
    assert (outcome.mode, shelf.mark(), len(shelf.shown())) == ("replace", None, 2)
    outcome = shelf.settle(source)
    assert (counts(outcome), shelf.mark()) == ((3, 2, 1, 1), "9")
    assert len(shelf.shown()) == 3


def test_a_backfill_of_an_upsert_replaces_the_rows_of_its_range(place):
    place.settle(teas((1, 5, "sencha"), (2, 9, "assam")), write="upsert")
    outcome = place.settle(
        teas((1, 5, "changed"), (2, 9, "changed too")), write="upsert", backfill=Backfill(low="5", high="5")
    )
    assert (outcome.mode, outcome.rows.carried) == ("upsert", 1)
    assert place.shown() == [(1, 5, "changed"), (2, 9, "assam")]


@pytest.mark.parametrize("wide", [{"backfill": Backfill(low="5")}, {"watermark": evolve(BY_T, nulls="include")}])
def test_an_upsert_of_what_may_be_half_a_table_compares_no_whole_rows(place, wide):
    source = teas((1, 5, "sencha"), (2, 9, "assam"))
    place.settle(source, write="upsert")
    outcome = place.settle(source, write="upsert", **wide)
    assert (outcome.state, outcome.rows.dropped) == ("committed", None)
    assert place.shown() == [(1, 5, "sencha"), (2, 9, "assam")]


def test_a_source_that_fell_back_is_warned_of_and_the_watermark_stays(shelf):
    lagging = evolve(BY_T, lag=10)
    shelf.settle(teas((1, 20, "sencha")), watermark=lagging)
    outcome = shelf.settle(teas((2, 15, "restored")), watermark=lagging)
    [warning] = outcome.warnings
    assert warning == (
        "the source's column 't' ends at 15, before the watermark 20, which stays; if the source was set back, load it "
        "anew with `hygge go --full-drop --entity shop.teas`, or read everything again and add only what is missing "
        "with `hygge journal reset shop.teas`"
    )
    assert (shelf.mark(), shelf.shown()) == ("20", [(1, 20, "sencha"), (2, 15, "restored")])
    outcome = shelf.settle(teas((3, None, "nothing")), watermark=evolve(lagging, nulls="once"))
    assert "holds no value any more" in outcome.warnings[0]
    assert (outcome.state, shelf.mark()) == ("kept", "20")


class MovingReading:
    """A reading of a source that gets more rows between its high mark and its rows."""

    isolation = Isolation(name="read committed", snapshot=False)

    def __init__(self, high, frame):
        self._high = high
        self._frame = frame
        self.schema = frame.schema

    def high(self):
        return Mark(dtype="int64", text=str(self._high))

    def has_nulls(self):
        return False

    def batches(self):
        yield self._frame

    def close(self):
        """Nothing is held."""


def test_a_home_may_tell_its_high_mark_by_a_narrower_dtype(place):
    reading = MovingReading(5, teas((1, 5, "sencha")))
    reading.high = lambda: Mark(dtype="int8", text="5")
    assert place.settle(MovingHome(reading)).watermark.high == "5"
    assert place.last().watermark.mark == Mark(dtype="int64", text="5")


class MovingHome(MemoryHome):
    """A home whose readings are given, one after the other; an exception is raised instead."""

    def __init__(self, *readings):
        super().__init__({})
        self.readings = list(readings)
        self.asked = []

    def read(self, request):
        self.asked.append(request.range)
        found = self.readings.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


def test_rows_that_come_between_the_high_mark_and_the_reading_are_left_for_the_next_run(place):
    outcome = place.settle(MovingHome(MovingReading(5, teas((1, 5, "sencha"), (2, 6, "just now")))))
    assert (place.shown(), place.mark()) == ([(1, 5, "sencha")], "5")
    assert outcome.isolation == Isolation(name="read committed", snapshot=False)
    place.settle(MovingHome(MovingReading(6, teas((1, 5, "sencha"), (2, 6, "just now"), (3, 5, "tied")))))
    assert place.shown() == [(1, 5, "sencha"), (2, 6, "just now"), (3, 5, "tied")]


def test_a_full_drop_takes_rows_beyond_its_high_mark_and_they_are_not_doubled(place):
    place.settle(MovingHome(MovingReading(5, teas((1, 5, "sencha"), (2, 6, "just now")))), run_type="full_drop")
    assert (len(place.shown()), place.mark()) == (2, "5")
    place.settle(teas((1, 5, "sencha"), (2, 6, "just now"), (3, 7, "new")))
    assert place.shown() == [(1, 5, "sencha"), (2, 6, "just now"), (3, 7, "new")]


def test_a_retry_fixes_the_range_anew(place):
    home = MovingHome(HomeUnavailable("went away"), MovingReading(8, teas((1, 8, "sencha"))))
    outcome = place.settle(home, attempts=2)
    assert (outcome.attempts, outcome.watermark.high, place.mark()) == (2, "8", "8")


def test_the_home_is_asked_for_no_more_than_the_range(place):
    place.settle(MovingHome(MovingReading(5, teas((1, 5, "sencha")))))
    home = MovingHome(MovingReading(6, teas((2, 6, "assam"))))
    place.settle(home, watermark=evolve(BY_T, lag=2, nulls="include"))
    [asked] = home.asked
    assert (asked.column, asked.low, asked.high, asked.nulls) == ("t", Mark(dtype="int64", text="3"), None, True)


def test_a_home_that_keeps_to_the_range_and_one_that_does_not_come_to_the_same(shelf, tmp_path):
    class Keeping(MemoryHome):
        def read(self, request):
            reading = super().read(request)
            low = request.range.low
            frame = self.tables["teas"]
            reading._frame = frame.filter(pl.col("t") >= int(low.text)) if low else frame
            return reading

    other = Shelf("batches", tmp_path)
    for frame in (teas((1, 5, "a"), (2, 6, "b")), teas((1, 5, "a"), (2, 6, "b"), (3, 6, "c"), (1, 7, "d"))):
        shelf.settle(frame)
        other.settle(Keeping({"teas": frame}))
    assert shelf.shown() == other.shown()


@pytest.mark.parametrize("polish", [None, PolishConfig(exclude=("t",))])
def test_a_mark_is_followed_on_in_a_column_that_was_widened(place, polish):
    place.settle(teas((1, 5, "sencha"), t=pl.Int32), write="upsert", polish=polish)
    place.settle(teas((1, 5, "gyokuro"), (2, 2**40, "assam")), write="upsert", polish=polish)
    assert [row[-1] for row in place.shown()] == ["gyokuro", "assam"]
    assert place.last().watermark.mark == Mark(dtype="int64", text=str(2**40))


def test_moments_are_told_apart_by_their_last_digit(shelf):
    def at(*nanoseconds):
        moments = pl.Series(nanoseconds, dtype=pl.Int64).cast(pl.Datetime("ns", "Europe/Berlin"))
        return pl.DataFrame({"id": range(len(nanoseconds)), "t": moments})

    # The same moment in seconds, milliseconds and microseconds.
    shelf.settle(at(1_000, 1_001))
    outcome = shelf.settle(at(1_000, 1_001, 1_001, 1_002, 999))
    assert counts(outcome) == (3, 1, 2, 2)
    assert outcome.watermark.mark == "1970-01-01T00:00:00.000001002Z"


def test_a_row_of_bytes_or_text_may_be_the_watermark(shelf):
    versions = pl.DataFrame({"id": [1, 2], "t": [b"\x00\x01", b"\x00\x02"]})
    shelf.settle(versions)
    shelf.settle(pl.concat([versions, pl.DataFrame({"id": [3, 4], "t": [b"\x00\x02", b"\x01"]})]))
    assert (len(shelf.shown()), shelf.mark()) == (4, "01")


def test_text_is_followed_in_the_order_of_its_bytes_when_asked(shelf):
    text = evolve(BY_T, text=True)
    shelf.settle(pl.DataFrame({"id": [1, 2], "t": ["2026-01-01", "2026-01-02"]}), watermark=text)
    shelf.settle(pl.DataFrame({"id": [2, 3], "t": ["2026-01-02", "2026-01-03"]}), watermark=text)
    assert (len(shelf.shown()), shelf.mark()) == (3, "2026-01-03")


def test_an_append_takes_a_new_column_along(shelf):
    shelf.settle(teas((1, 5, "sencha")))
    outcome = shelf.settle(teas((1, 5, "sencha"), (2, 6, "assam")).with_columns(cups=pl.lit(3)))
    assert (counts(outcome), outcome.drift) == ((2, 1, 1, 1), ("column 'cups' (int32) is new",))


EVENTS = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 6), st.booleans()), max_size=14)


@pytest.mark.parametrize("road", ["batches", "frame"])
@settings(max_examples=25)
@given(history=EVENTS)
def test_any_history_cut_into_any_runs_gives_each_version_exactly_once(road, history, tmp_path_factory):
    """Rows come with growing marks, ties included; a run may follow each."""
    shelf = Shelf(road, tmp_path_factory.mktemp("shelf"))
    source, clock = {}, 0
    for key, step, runs in history:
        clock += step
        source[key, clock] = f"{key} at {clock}"
        if runs:
            shelf.settle(teas(*((key, t, tea) for (key, t), tea in source.items())))
    shelf.settle(teas(*((key, t, tea) for (key, t), tea in source.items())))
    assert shelf.shown() == sorted(((key, t, tea) for (key, t), tea in source.items()), key=str)
