"""No crash at any operation of a publish leaves half a table: real kills, and pyarrow as the reader.

The quick tests stop a publish in each layout and mode as part of the contract (`test_contract`); here are disks that
can do less, and the long forms.  Run with ``-s`` to see the number of points of each matrix.
"""

from __future__ import annotations

import sys

import pytest

from hygge_core.testing.crash import Scenario, crash_matrix
from parquet.parquet_subject import subject


def scenario(layout, mode, **rest):
    parts = "many parts" if rest.get("writers", 1) > 1 else "one part"
    first = "" if rest.get("over_old", True) else ", first"
    return layout, Scenario(name=f"{mode}/{layout}/{parts}{first}", mode=mode, **rest)


SCENARIOS = [
    scenario("folder", "replace"),
    scenario("folder", "replace", writers=3),
    scenario("folder", "replace", writers=2, over_old=False),
    scenario("folder", "append"),
    scenario("folder", "append", writers=3, atomic=False),  # the store declares so: one rename for each part
    scenario("folder", "append", over_old=False),
    scenario("runs", "replace", writers=2),
    scenario("runs", "append", writers=3),
    scenario("runs", "append", writers=2, over_old=False),
    scenario("file", "replace"),
    scenario("file", "replace", over_old=False),
    scenario("folder", "upsert"),
    scenario("folder", "upsert", writers=3),
    scenario("folder", "upsert", over_old=False),
]
NO_EXCHANGE = [
    Scenario(name=f"{mode}/folder/many parts, no exchange", mode=mode, writers=3, atomic=False)
    for mode in ("replace", "upsert")
]
NO_LINKS = Scenario(name="upsert/folder/many parts, no hard links", mode="upsert", writers=3)


def named(cases, short=None):
    """Name the cases after their scenarios; those that are not in the short form are slow."""
    marks = {True: (), False: pytest.mark.slow}
    return pytest.mark.parametrize(
        ("layout", "of"),
        [pytest.param(*case, id=case[1].name, marks=marks[short is None or case in short]) for case in cases],
    )


def demand_none(matrix, least):
    print(f"\n{matrix}", file=sys.stderr)  # noqa: T201 - the figures are part of what the test shows
    assert len(matrix.verdicts) >= least, f"only {matrix}"
    assert not matrix.violations, matrix.explained()


@named(SCENARIOS, short=[])
def test_no_operation_can_be_stopped_to_harm(layout, of, tmp_path):
    demand_none(crash_matrix(subject(layout), of, tmp_path), least=40)


@named(
    [("folder_without_exchange", scenario) for scenario in NO_EXCHANGE],
    short=[("folder_without_exchange", NO_EXCHANGE[0])],
)
def test_a_disk_that_cannot_exchange_folders_never_shows_a_mix(layout, of, tmp_path):
    demand_none(crash_matrix(subject("folder", layout), of, tmp_path), least=60)


@pytest.mark.slow
def test_a_disk_without_hard_links_loses_nothing_either(tmp_path):
    demand_none(crash_matrix(subject("folder", "folder_without_links"), NO_LINKS, tmp_path), least=60)


@named([SCENARIOS[n] for n in (1, 5, 7, 8, 12)], short=[])
def test_no_change_of_the_file_system_can_be_the_last(layout, of, tmp_path):
    demand_none(crash_matrix(subject(layout), of, tmp_path, level="system"), least=10)


@pytest.mark.slow
@named(SCENARIOS)
def test_no_operation_of_the_recovery_can_be_stopped_to_harm(layout, of, tmp_path):
    demand_none(crash_matrix(subject(layout), of, tmp_path, thorough=True, recoveries=True), least=200)


@pytest.mark.slow
@named(SCENARIOS)
def test_no_change_of_the_recovery_can_be_the_last(layout, of, tmp_path):
    demand_none(crash_matrix(subject(layout), of, tmp_path, level="system", recoveries=True), least=50)


@named([SCENARIOS[4]])
def test_a_recovery_may_be_killed_too(layout, of, tmp_path):
    demand_none(crash_matrix(subject(layout), of, tmp_path, recoveries=True), least=80)
