"""The crash matrix of incremental runs reports every way in which rows and watermark part."""

from __future__ import annotations

import pytest

from core.testing import careless_progress
from hygge_core.testing.crash import Scenario, crash_matrix


@pytest.mark.parametrize(
    ("opener", "said"),
    [
        ("marks_first", "the watermark is 1011, and the newest row that readers see has 11"),
        ("marks_later", "the watermark is 11, and the newest row that readers see has 1011"),
    ],
)
def test_a_watermark_that_is_ahead_of_its_rows_or_behind_is_reported(opener, said, tmp_path):
    matrix = crash_matrix(
        careless_progress.subject(opener), Scenario(name=opener, mode="append", incremental=True), tmp_path
    )
    faults = [fault for verdict in matrix.violations for fault in verdict.faults]
    assert any(said in fault for fault in faults), matrix.explained()
    assert len(matrix.violations) < len(matrix.verdicts) / 2, "a matrix that reports every point says nothing"
