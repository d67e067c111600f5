"""Each deliberately broken store is caught by the cases meant for it, and by those alone."""

from __future__ import annotations

import pytest

from core.testing import broken_commits, broken_memories, broken_readers, broken_retries, broken_secrets, broken_upserts
from core.testing.broken import BROKEN
from core.testing.failing import failures


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


FILES = [
    module.__file__
    for module in (broken_commits, broken_memories, broken_readers, broken_retries, broken_secrets, broken_upserts)
]
MEANT = " or ".join(f"{name} and {case}" for name, store in BROKEN.items() for case in store.caught_by)


@pytest.fixture(scope="module")
def failed_as_meant():
    return failures(*FILES, "-k", MEANT)


@pytest.fixture(scope="module")
def failed():
    return failures(*FILES, "-k", f"({CHOSEN}) or {MEANT}")


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
