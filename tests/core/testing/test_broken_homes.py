"""Each deliberately broken home is caught by the cases meant for it, and by those alone."""

from __future__ import annotations

import pytest

from core.testing import broken_home_answers, broken_home_manners, broken_homes
from core.testing.broken_homes import BROKEN
from core.testing.failing import failures


MODULES = (broken_homes, broken_home_answers, broken_home_manners)
# What a home that closes nothing leaves behind is found while a case of another home runs.
LEFT_BEHIND = ("-W", "ignore::pytest.PytestUnraisableExceptionWarning")
LARGE = "test_a_large_table_is_never_held_whole"
ONE_DTYPE = "(not dtype and not highest_value_is or datetime_us or int64)"


@pytest.fixture(scope="module")
def caught():
    """What fails of the cases that are meant for each home, each tried with one dtype."""
    files = {module.__name__: module.__file__ for module in MODULES}
    homes = [(f"{files[home.__module__]}::{name}", home.caught_by) for name, home in BROKEN.items()]
    return failures(*LEFT_BEHIND, *(f"{home}::{case}" for home, cases in homes for case in cases), "-k", ONE_DTYPE)


@pytest.fixture(scope="module")
def all_that_fail():
    """What fails of all cases but those that break for the same reasons and take their time."""
    files = [module.__file__ for module in MODULES]
    return failures(*LEFT_BEHIND, *files, "-k", f"not odd_ and not {LARGE} and {ONE_DTYPE}")


@pytest.mark.parametrize("name", BROKEN)
def test_broken_homes_are_caught(caught, name):
    assert BROKEN[name].caught_by, f"{name} breaks nothing that anybody would notice"
    assert caught[name] == BROKEN[name].caught_by, f"not caught by {sorted(BROKEN[name].caught_by - caught[name])}"


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, home in BROKEN.items() if not home.spreads])
def test_broken_homes_are_caught_by_nothing_else(all_that_fail, name):
    meant = BROKEN[name].caught_by - {LARGE}
    assert all_that_fail[name] == meant, f"also fails {sorted(all_that_fail[name] - meant)}"


def test_there_are_enough_of_them():
    assert len(BROKEN) >= 40
