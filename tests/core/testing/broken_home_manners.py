"""Homes that each break one promise about errors, secrets, closing, threads or changes, for the contract to catch."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import ClassVar

import polars as pl
import pytest
import structlog

from core.testing import sound_home
from core.testing.broken_homes import FILLED, Contract, broken
from core.testing.sound_home import SECRET, SoundHome, SoundReading
from hygge_core import HomeError, HomeUnavailable


def say(error):
    """Make a step that finds nothing raise another error; it takes the place and the name of the table."""
    return broken(missing=lambda home, request: error(home.locate(request)))


class TestErrorsNameNoTable(Contract):
    home_type = say(lambda _: HomeError("not found", where="the source", fix="check its name"))
    caught_by = frozenset({"test_a_missing_table_is_named"})


class TestErrorsSayNotWhatToDo(Contract):
    home_type = say(lambda where: HomeError("there is no such table", where=where))
    caught_by = frozenset({"test_a_missing_table_is_named"})


class TestErrorsHaveManyLines(Contract):
    home_type = say(lambda where: HomeError("there is no such table\nTraceback", where=where, fix="check its name"))
    caught_by = frozenset({"test_a_missing_table_is_named"})


class TestErrorsAreThoseOfTheSystem(Contract):
    home_type = say(FileNotFoundError)
    caught_by = frozenset(
        {
            "test_a_missing_table_is_named",
            "test_a_missing_table_is_not_tried_again",
            "test_a_missing_table_cannot_be_counted",
            "test_a_missing_table_does_no_harm",
            "test_secrets_never_show",
        }
    )


class TestTriesAMissingTableAgain(Contract):
    home_type = say(lambda where: HomeUnavailable("there is no such table", where=where, fix="wait"))
    caught_by = frozenset({"test_a_missing_table_is_not_tried_again"})


class EndsEarly(SoundReading):
    def count(self):
        return 0

    def batches(self):
        try:
            yield from super().batches()
        except HomeError:
            return


class TestEndsEarlyInsteadOfFailing(Contract):
    home_type = broken(EndsEarly)
    caught_by = frozenset({"test_a_broken_source_does_not_end_early"})
    spreads = True  # it cannot count, and does not say that it was cancelled


class TestShowsASecretInErrors(Contract):
    home_type = say(lambda where: HomeError(f"there is no such table for {SECRET}", where=where, fix="check its name"))
    caught_by = frozenset({"test_secrets_never_show"})


def _caused(error):
    error.__cause__ = OSError(f"the server said: login with {SECRET} failed")
    return error


class TestShowsASecretInWhatAnErrorCameFrom(Contract):
    home_type = broken(missing=lambda home, request: _caused(SoundHome.missing(home, request)))
    caught_by = frozenset({"test_secrets_never_show"})


def _files(home, request):
    return SoundHome(home.place).files(request)


class TestShowsASecretInItsPlace(Contract):
    home_type = broken(
        locate=lambda home, request: f"{home.place / request.entity}?key={SECRET}",
        files=_files,
    )
    caught_by = frozenset({"test_secrets_never_show"})
    spreads = True


class TestShowsASecretInItsRepr(Contract):
    home_type = broken(__repr__=lambda home: f"Home({home.secret})")
    caught_by = frozenset({"test_secrets_never_show"})


class Logging(SoundReading):
    def known_schema(self):
        structlog.get_logger("hygge").info("source.opened", key=self.home.secret)
        return super().known_schema()


class TestLogsASecret(Contract):
    home_type = broken(Logging)
    caught_by = frozenset({"test_secrets_never_show"})


class TestTellsOnePlaceForAllTables(Contract):
    home_type = broken(locate=lambda home, _: str(home.place), files=_files)
    caught_by = frozenset({"test_tables_have_places_of_their_own"})
    spreads = True


class IgnoresClose(SoundReading):
    def close(self):
        """Leave it to others."""


class TestIgnoresClose(Contract):
    home_type = broken(IgnoresClose)
    caught_by = frozenset({"test_closed_readings_hold_no_files", "test_nothing_is_left_to_the_garbage_collector"})
    spreads = True  # what is found in the end is a warning in whichever case runs then


class ClosesOnce(SoundReading):
    def close(self):
        if all(handle.closed for handle in self.handles):
            raise RuntimeError("closed already")
        super().close()


class TestCannotBeClosedTwice(Contract):
    home_type = broken(ClosesOnce)
    caught_by = frozenset(
        {
            "test_closing_a_reading_twice_is_safe",
            "test_closing_a_reading_that_was_not_read_is_safe",
            "test_closing_a_reading_in_the_middle_is_safe",
            "test_a_closed_reading_holds_no_lock",
            "test_closing_a_reading_closes_its_parts",
        }
    )


def close_once(home):
    if getattr(home, "closed", False):
        raise RuntimeError("closed already")
    home.closed = True


class TestHomeCannotBeClosedTwice(Contract):
    home_type = broken(close=close_once)
    caught_by = frozenset({"test_closing_a_home_twice_is_safe"})
    spreads = True  # the kit closes what it opened, and some cases close it before


class Shares(SoundReading):
    """Keeps the batches of the last table that was opened where all readings find them."""

    def __init__(self, home, request, paths):
        super().__init__(home, request, paths)
        home.current = super().batches()

    def batches(self):
        for _ in range(1_000_000):
            batch = next(self.home.current, None)
            if batch is None:
                return
            yield batch


class TestSharesOneCursorBetweenReadings(Contract):
    home_type = broken(Shares)
    caught_by = frozenset({"test_two_readings_take_turns", "test_one_table_is_read_twice_at_once"})
    spreads = True


class OfOneThread(SoundReading):
    def __init__(self, home, request, paths):
        super().__init__(home, request, paths)
        self.thread = threading.get_ident()

    def frame(self, handle):
        if getattr(self, "thread", threading.get_ident()) != threading.get_ident():
            raise HomeError("belongs to another thread", where=self.where, fix="read it there")
        return super().frame(handle)


class TestBelongsToOneThread(Contract):
    home_type = broken(OfOneThread)
    caught_by = frozenset({"test_a_reading_may_change_threads", "test_parts_are_read_at_once"})


class CancelEndsEarly(SoundReading):
    def batches(self):
        try:
            yield from super().batches()
        except HomeError:
            if not self.cancelled:
                raise


class TestEndsEarlyWhenItIsCancelled(Contract):
    home_type = broken(CancelEndsEarly)
    caught_by = frozenset({"test_a_cancelled_reading_never_ends_early"})


class CancelNeeds(SoundReading):
    def cancel(self):
        if all(handle.closed for handle in self.handles):
            raise RuntimeError("nothing is at work")
        super().cancel()


class TestCannotBeCancelledAfterItsEnd(Contract):
    home_type = broken(CancelNeeds)
    caught_by = frozenset({"test_cancelling_is_safe_at_any_time"})


class OpensLate(SoundReading):
    def frame(self, handle):
        return pl.read_parquet(handle.name)

    def check(self):
        """Trust the source."""


class TestTakesAMixForASnapshot(Contract):
    home_type = broken(OpensLate)
    caught_by = frozenset({"test_a_table_that_changes_while_it_is_read_is_not_mixed"})
    spreads = True  # a scan of changed files is noticed by nobody


class Remembers(SoundReading):
    known: ClassVar = {}

    def frame(self, handle):
        return self.known.setdefault(handle.name, super().frame(handle))


class TestRemembersWhatItRead(Contract):
    home_type = broken(Remembers)
    caught_by = frozenset({"test_the_next_reading_sees_the_change"})
    spreads = True


class LeavesAMark(SoundReading):
    def close(self):
        super().close()
        Path(self.home.place, f"{self.request.entity}.read").touch()


class TestLeavesAMarkInTheSource(Contract):
    home_type = broken(LeavesAMark)
    caught_by = frozenset({"test_reading_changes_nothing"})


def known_files(home, request):
    if str(home.place) not in FILLED:
        raise home.missing(request)
    return SoundHome.files(home, request)


class TestNeedsTheMemoryOfItsProcess(Contract):
    home_type = broken(files=known_files)
    caught_by = frozenset(
        {
            "test_another_process_reads_the_same",
            "test_a_part_is_read_by_another_process",
            "test_a_large_table_is_never_held_whole",
        }
    )

    @pytest.fixture
    def fill(self, place):
        FILLED.add(place)
        return partial(sound_home.fill, place)
