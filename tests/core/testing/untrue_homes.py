"""Subclasses of the contract that leave something out, or say what is not true; each is told so by some case."""

from __future__ import annotations

from typing import ClassVar

import polars as pl
import pytest

from core.testing.sound_home import SoundContract
from hygge_core.testing import HomeContract


UNTRUE: dict[str, type] = {}


class Untrue:
    """Keeps the words by which pytest is expected to tell what is wrong."""

    told = ""
    opener = "core.testing.sound_home:SoundHome"

    def __init_subclass__(cls):
        UNTRUE[cls.__name__] = cls


class TestNoPlace(Untrue, HomeContract):
    told = "define the fixture `place`"


class TestNothingFills(Untrue, HomeContract):
    told = "define the fixture `fill`"

    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path)


class TestNoTableIsKnown(Untrue, HomeContract):
    told = "define the fixture `sample`"
    unfillable = "it is public"

    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path)


class TestACaseIsReplaced(Untrue, SoundContract):
    told = "instead of overriding them: ['test_every_row_comes_once']"

    def test_every_row_comes_once(self):
        """Look at nothing."""


class TestACaseIsRemoved(Untrue, SoundContract):
    told = "instead of overriding them: ['test_every_row_comes_once']"
    test_every_row_comes_once = None


class TestLosesWhatItKeeps(Untrue, SoundContract):
    told = "'date' is declared in `loses`, but all its values come as they are"
    loses: ClassVar = {"date": "dates are hard"}


class TestReadsAsADtypeThatHoldsLess(Untrue, SoundContract):
    told = "which does not hold the same values"
    reads_as: ClassVar = {"datetime_us": pl.Datetime("ms")}


class TestReadsAsAnotherDtypeThanItDoes(Untrue, SoundContract):
    told = "the columns are"
    reads_as: ClassVar = {"date": pl.Datetime("us")}


class TestRefusesWhatItReads(Untrue, SoundContract):
    told = "'time' is declared as refused with HomeError"
    refuses: ClassVar = {"time": "times are hard"}


class TestRefusesRangesThatItReads(Untrue, SoundContract):
    told = "a range of time is declared as refused with HomeError"
    refuses_ranges: ClassVar = {"time": "times are hard"}
