"""Stores whose commits are several steps to a reader beside them; see `broken`."""

from __future__ import annotations

import threading

import pytest

from core.testing import sound
from core.testing.broken import Contract, broken
from core.testing.sound import SoundStage


class Onlooker:
    """Counts looks, so that a store can wait in the middle of a commit until a reader beside it has looked."""

    def __init__(self):
        self.changed = threading.Condition()
        self.begin()

    def begin(self):
        self.looks, self.beside = 0, False

    def looked(self):
        with self.changed:
            self.looks += 1
            self.beside |= threading.current_thread() is not threading.main_thread()
            self.changed.notify_all()

    def wait(self):
        """Wait for one look that begins and ends from now on; the first to end may have begun before."""
        with self.changed:
            enough = self.looks + 2
            if self.beside:
                self.changed.wait_for(lambda: self.looks >= enough, 30)


ONLOOKER = Onlooker()


class Watched:
    @pytest.fixture
    def read(self, place):
        def read(table):
            found = sound.read(place, table)
            ONLOOKER.looked()
            return found

        ONLOOKER.begin()
        return read


class EmptyingStage(SoundStage):
    """Empties the table first, and fills it later."""

    def publish(self, staged, record):
        self.database.change(*self.emptying())
        ONLOOKER.wait()
        super().publish(staged, record)


class TestEmptiesBeforeItFills(Watched, Contract):
    caught_by = frozenset(
        {"test_a_reader_beside_replacements_sees_one_of_them", "test_a_reader_beside_upserts_sees_each_whole"}
    )
    store_type = broken(EmptyingStage)


class FillingStage(SoundStage):
    """Fills the table first, and takes the old rows out later."""

    def publish(self, staged, record):
        if self.table.mode != "append":
            self.database.change(*self.showing(staged))
            ONLOOKER.wait()
        super().publish(staged, record)


class TestFillsBeforeItEmpties(Watched, Contract):
    caught_by = frozenset(
        {
            "test_a_reader_beside_replacements_sees_no_two_together",
            "test_a_reader_beside_replacements_sees_one_of_them",
            "test_a_reader_beside_upserts_sees_each_whole",
        }
    )
    store_type = broken(FillingStage)


class PartByPartStage(SoundStage):
    """Shows one part after the other."""

    def publish(self, staged, record):
        if self.table.mode != "append" or not staged.parts:
            super().publish(staged, record)
            return
        first, *rest = self.showing(staged)
        self.database.change(first)
        ONLOOKER.wait()
        self.database.change(*rest, self.recording(record), self.forgetting())


class TestAppendsPartByPart(Watched, Contract):
    caught_by = frozenset({"test_a_reader_beside_appends_sees_each_whole"})
    store_type = broken(PartByPartStage)
