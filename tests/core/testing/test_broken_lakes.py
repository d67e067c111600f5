"""Each deliberately broken lake is caught by the cases meant for it, and by those alone."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict

import pytest

from core.testing import broken_lake_folders, broken_lake_leases, broken_lakes
from core.testing.broken_lakes import BROKEN


# These break for the same reasons as others, and take their time: they are tried where they are meant.
SLOW = "odd_ or large or parquet or any_sequence or as_in_memory or killed or process"
MEANT = " or ".join(f"{name} and {case}" for name, lake in BROKEN.items() for case in lake.caught_by)


def failures(chosen):
    """Return the names of the cases that failed for each broken lake, from a run of pytest in its own process."""
    files = [broken_lakes.__file__, broken_lake_folders.__file__, broken_lake_leases.__file__]
    quiet = ["-p", "no:randomly", "-p", "no:cacheprovider", "-q", "--tb=no", "-rf"]
    command = [sys.executable, "-m", "pytest", *files, "-k", chosen, *quiet, "-o", "addopts=--import-mode=importlib"]
    output = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False).stdout
    found = defaultdict(set)
    for lake, case in re.findall(r"^(?:FAILED|ERROR) .*::(Test\w+)::(\w+)", output, re.MULTILINE):
        found[lake].add(case)
    assert found, output
    return found


@pytest.fixture(scope="module")
def failed_as_meant():
    return failures(MEANT)


@pytest.fixture(scope="module")
def failed():
    return failures(f"not ({SLOW}) or {MEANT}")


@pytest.mark.parametrize("name", BROKEN)
def test_broken_lakes_are_caught(failed_as_meant, name):
    lake = BROKEN[name]
    assert lake.caught_by, f"{name} breaks nothing that anybody would notice"
    assert failed_as_meant[name] == lake.caught_by, f"not by {sorted(lake.caught_by - failed_as_meant[name])}"


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, lake in BROKEN.items() if not lake.spreads])
def test_broken_lakes_are_caught_by_nothing_else(failed, name):
    assert failed[name] == BROKEN[name].caught_by, f"also fails {sorted(failed[name] - BROKEN[name].caught_by)}"


def test_there_are_enough_of_them():
    assert len(BROKEN) >= 35
