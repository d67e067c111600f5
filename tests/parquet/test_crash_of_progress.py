"""No crash of an incremental run parts rows and watermark: the whole engine, real kills, pyarrow as the reader.

Run with ``-s`` to see the number of points of each matrix.
"""

from __future__ import annotations

import sys

import pytest

from hygge_core.testing.crash import Scenario, crash_matrix
from parquet.parquet_subject import subject


def scenario(layout, mode, **rest):
    first = "" if rest.get("over_old", True) else ", first"
    return layout, Scenario(name=f"incremental {mode}/{layout}{first}", mode=mode, incremental=True, **rest)


QUICK = [scenario("folder", "append"), scenario("folder", "upsert")]
LONG = [
    scenario("runs", "append"),
    scenario("folder", "append", over_old=False),
    scenario("folder", "upsert", over_old=False),
    scenario("runs", "append", over_old=False),
]


def named(cases, **marks):
    return [pytest.param(*case, id=case[1].name, **marks) for case in cases]


def demand_none(matrix, least):
    print(f"\n{matrix}", file=sys.stderr)  # noqa: T201 - the figures are part of what the test shows
    assert len(matrix.verdicts) >= least, f"only {matrix}"
    assert not matrix.violations, matrix.explained()


@pytest.mark.parametrize(("layout", "of"), [*named(QUICK), *named(LONG, marks=pytest.mark.slow)])
def test_rows_and_watermark_agree_wherever_an_incremental_run_is_stopped(layout, of, tmp_path):
    demand_none(crash_matrix(subject(layout), of, tmp_path), least=70)


@pytest.mark.slow
@pytest.mark.parametrize(("layout", "of"), named(QUICK + LONG))
def test_rows_and_watermark_agree_wherever_the_recovery_is_stopped_too(layout, of, tmp_path):
    demand_none(crash_matrix(subject(layout), of, tmp_path, thorough=True, recoveries=True), least=200)


@pytest.mark.slow
@pytest.mark.parametrize(("layout", "of"), named(QUICK + LONG))
def test_rows_and_watermark_agree_whichever_change_of_the_file_system_is_the_last(layout, of, tmp_path):
    demand_none(crash_matrix(subject(layout), of, tmp_path, level="system", recoveries=True), least=20)
