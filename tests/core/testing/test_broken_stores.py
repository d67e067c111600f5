"""Each deliberately broken store is caught by the cases meant for it, and by those alone."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict

import pytest

from core.testing import broken_commits, broken_memories, broken_upserts
from core.testing.broken import BROKEN


@pytest.fixture(scope="module")
def failed():
    """The names of the cases that failed for each broken store, from one run of pytest in a process of its own."""
    files = [broken_commits.__file__, broken_memories.__file__, broken_upserts.__file__]
    # Odd names and the huge batch are left out: they break for the same reasons, and take their time.
    chosen = ["-k", "not odd_ and not huge", "-p", "no:randomly", "-p", "no:cacheprovider"]
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
        assert failed[name] == store.caught_by, f"also fails {sorted(failed[name] - store.caught_by)}"


def test_there_are_enough_of_them():
    assert len(BROKEN) >= 25
