"""Each deliberately broken lake is caught by the cases meant for it, and by those alone."""

from __future__ import annotations

import pytest

from core.testing import (
    broken_lake_files,
    broken_lake_folders,
    broken_lake_leases,
    broken_lake_looks,
    broken_lake_moves,
)
from core.testing.broken_lakes import BROKEN
from core.testing.failing import failures
from hygge_core.testing import LakeContract
from hygge_core.testing.contract import cases_of


FILES = [
    module.__file__
    for module in (broken_lake_files, broken_lake_folders, broken_lake_leases, broken_lake_looks, broken_lake_moves)
]
# These break for the same reasons as others, and take their time: they are tried where they are meant.
SLOW = "odd_ or large or parquet or any_sequence or as_in_memory or killed or process"
MEANT = " or ".join(f"{name} and {case}" for name, lake in BROKEN.items() for case in lake.caught_by)


@pytest.fixture(scope="module")
def failed_as_meant():
    return failures(*FILES, "-k", MEANT)


@pytest.fixture(scope="module")
def failed():
    return failures(*FILES, "-k", f"not ({SLOW}) or {MEANT}")


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
