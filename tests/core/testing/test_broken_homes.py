"""Each deliberately broken home is caught by the cases meant for it, and by those alone."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict

import pytest

from core.testing import broken_home_answers, broken_home_manners, broken_homes
from core.testing.broken_homes import BROKEN


MODULES = (broken_homes, broken_home_answers, broken_home_manners)
LARGE = "test_a_large_table_is_never_held_whole"
ONE_DTYPE = "(not dtype and not highest_value_is or datetime_us or int64)"


def failed(*chosen):
    """The names of the cases that failed for each broken home, from one run of pytest in a process of its own."""
    shown = ["-q", "--tb=no", "-rfE", "-p", "no:randomly", "-p", "no:cacheprovider"]
    # What a home that closes nothing leaves behind is found while a case of another home runs.
    alone = ["-W", "ignore::pytest.PytestUnraisableExceptionWarning", "-o", "addopts=--import-mode=importlib"]
    command = [sys.executable, "-m", "pytest", *chosen, *shown, *alone]
    output = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False).stdout
    found = defaultdict(set)
    for home, case in re.findall(r"^(?:FAILED|ERROR) .*::(Test\w+)::(\w+)", output, re.MULTILINE):
        found[home].add(case)
    assert found, output
    return found


@pytest.fixture(scope="module")
def caught():
    """What fails of the cases that are meant for each home, each tried with one dtype."""
    files = {module.__name__: module.__file__ for module in MODULES}
    homes = [(f"{files[home.__module__]}::{name}", home.caught_by) for name, home in BROKEN.items()]
    return failed(*(f"{home}::{case}" for home, cases in homes for case in cases), "-k", ONE_DTYPE)


@pytest.fixture(scope="module")
def all_that_fail():
    """What fails of all cases but those that break for the same reasons and take their time."""
    files = [module.__file__ for module in MODULES]
    return failed(*files, "-k", f"not odd_ and not {LARGE} and {ONE_DTYPE}")


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
