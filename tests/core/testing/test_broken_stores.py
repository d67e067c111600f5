"""Each deliberately broken store is caught by the cases meant for it, and by those alone."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict

import pytest

from core.testing import broken_commits, broken_memories, broken_readers, broken_retries, broken_secrets, broken_upserts
from core.testing.broken import BROKEN


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


@pytest.fixture(scope="module")
def failed():
    """The names of the cases that failed for each broken store, from one run of pytest in a process of its own."""
    modules = [broken_commits, broken_memories, broken_readers, broken_retries, broken_secrets, broken_upserts]
    files = [module.__file__ for module in modules]
    # What would break for the same reasons, and takes its time, is left out.
    chosen = ["-k", CHOSEN, "-p", "no:randomly", "-p", "no:cacheprovider"]
    shown = ["-q", "--tb=no", "-rf", "-o", "addopts=--import-mode=importlib"]
    command = [sys.executable, "-m", "pytest", *files, *chosen, *shown]
    output = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False).stdout
    found = defaultdict(set)
    for store, case in re.findall(r"^(?:FAILED|ERROR) .*::(Test\w+)::(\w+)", output, re.MULTILINE):
        found[store].add(case)
    assert found, output
    return found


@pytest.mark.parametrize("name", BROKEN)
def test_broken_stores_are_caught(failed, name):
    store = BROKEN[name]
    assert store.caught_by, f"{name} breaks nothing that anybody would notice"
    assert store.caught_by <= failed[name], f"not caught by {sorted(store.caught_by - failed[name])}"
    if not store.spreads:
        others = failed[name] - store.caught_by - CHANCE
        assert not others, f"also fails {sorted(others)}"


def test_there_are_enough_of_them():
    assert len(BROKEN) >= 60
