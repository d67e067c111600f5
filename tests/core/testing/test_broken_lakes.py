"""Each deliberately broken lake is caught by the cases meant for it, and by those alone."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict

import pytest

from core.testing import (
    broken_lake_files,
    broken_lake_folders,
    broken_lake_leases,
    broken_lake_looks,
    broken_lake_moves,
)
from core.testing.broken_lakes import BROKEN
from hygge_core.testing import LakeContract
from hygge_core.testing.contract import cases_of


MODULES = (broken_lake_files, broken_lake_folders, broken_lake_leases, broken_lake_looks, broken_lake_moves)
# These break for the same reasons as others, and take their time: they are tried where they are meant.
SLOW = "odd_ or large or parquet or any_sequence or as_in_memory or killed or process"
MEANT = " or ".join(f"{name} and {case}" for name, lake in BROKEN.items() for case in lake.caught_by)


def failures(chosen):
    """Return the names of the cases that failed for each broken lake, from a run of pytest in its own process."""
    files = [module.__file__ for module in MODULES]
    quiet = ["-p", "no:randomly", "-p", "no:cacheprovider", "-q", "--tb=no", "-rf"]
    command = [sys.executable, "-m", "pytest", *files, "-k", chosen, *quiet, "-o", "addopts=--import-mode=importlib"]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    found = defaultdict(set)
    for lake, case in re.findall(r"^(?:FAILED|ERROR) .*::(Test\w+)::(\w+)", run.stdout, re.MULTILINE):
        found[lake].add(case)
    assert found, f"pytest ended with {run.returncode}:\n{run.stdout}\n{run.stderr}"
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


def test_every_case_catches_one():
    caught = set().union(*(lake.caught_by for lake in BROKEN.values()))
    assert not set(cases_of(LakeContract)) - caught
