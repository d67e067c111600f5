"""Each deliberately broken store is caught by the cases meant for it, and by those alone."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict

import pytest

from core.testing import broken_commits, broken_memories, broken_readers, broken_retries, broken_secrets, broken_upserts
from core.testing.broken import BROKEN


# What would break for the same reasons, and takes its time, is left out.
CHOSEN = (
    "not odd_ and not huge and not megabytes and not thousand and (not dtypes_come_back or decimal)"
    " and (not leaves_nothing_in_the_next or seal)"
)

CHANCE = {
    "test_a_reader_beside_appends_sees_each_whole",
    "test_a_reader_beside_replacements_sees_no_two_together",
    "test_a_reader_beside_replacements_sees_one_of_them",
    "test_a_reader_beside_upserts_sees_each_whole",
    "test_of_writers_at_once_each_commits_whole_or_is_turned_away",
    "test_threads_publish_different_tables_at_once",
}
"""Cases of things at once, which a store made to break another promise may fail or pass, as it happens."""


MODULES = (broken_commits, broken_memories, broken_readers, broken_retries, broken_secrets, broken_upserts)
MEANT = " or ".join(f"{name} and {case}" for name, store in BROKEN.items() for case in store.caught_by)


def failures(chosen):
    """Return the names of the cases that failed for each broken store, from a run of pytest in its own process."""
    files = [module.__file__ for module in MODULES]
    quiet = ["-p", "no:randomly", "-p", "no:cacheprovider", "-q", "--tb=no", "-rf"]
    command = [sys.executable, "-m", "pytest", *files, "-k", chosen, *quiet, "-o", "addopts=--import-mode=importlib"]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    found = defaultdict(set)
    for store, case in re.findall(r"^(?:FAILED|ERROR) .*::(Test\w+)::(\w+)", run.stdout, re.MULTILINE):
        found[store].add(case)
    assert found, f"pytest ended with {run.returncode}:\n{run.stdout}\n{run.stderr}"
    return found


@pytest.fixture(scope="module")
def failed_as_meant():
    return failures(MEANT)


@pytest.fixture(scope="module")
def failed():
    return failures(f"({CHOSEN}) or {MEANT}")


@pytest.mark.parametrize("name", BROKEN)
def test_broken_stores_are_caught(failed_as_meant, name):
    store = BROKEN[name]
    assert store.caught_by, f"{name} breaks nothing that anybody would notice"
    assert store.caught_by <= failed_as_meant[name], f"not by {sorted(store.caught_by - failed_as_meant[name])}"


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, store in BROKEN.items() if not store.spreads])
def test_broken_stores_are_caught_by_nothing_else(failed, name):
    others = failed[name] - BROKEN[name].caught_by - CHANCE
    assert not others, f"also fails {sorted(others)}"


def test_there_are_enough_of_them():
    assert len(BROKEN) >= 60
