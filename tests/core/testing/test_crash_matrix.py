"""The crash matrix passes a sound store and reports every careless order of operations."""

from __future__ import annotations

import pytest

from core.testing import careless
from hygge_core.testing.crash import Scenario, Subject, crash_matrix
from hygge_core.testing.plan import KINDS


SOUND = Subject(
    open="core.testing.sound:SoundStore",
    read="core.testing.sound:read_for_the_matrix",
    leftovers="core.testing.sound:leftovers",
)

REPLACE = Scenario(name="replace", writers=2)
APPEND = Scenario(name="append", mode="append", writers=2)
UPSERT = Scenario(name="upsert", mode="upsert", writers=2)


def test_a_sound_store_passes(tmp_path):
    matrix = crash_matrix(SOUND, REPLACE, tmp_path, recoveries=True)  # without killed recoveries: test_sound_store
    assert not matrix.violations, matrix.explained()
    assert {verdict.point.kind for verdict in matrix.verdicts} == set(KINDS)
    assert f"{len(matrix.verdicts):,} points, 0 violations" in str(matrix)


@pytest.mark.parametrize(
    ("store", "scenario", "said"),
    [
        ("DeletesThenRenames", REPLACE, "there is no table"),
        ("AppendsWithoutARecord", APPEND, "rows of 'new', not 24"),
        ("RemembersBeforeItPublishes", APPEND, "running again ends with the rows of ['old']"),
        ("WritesInPlace", APPEND, "rows of 'new', not 24"),
        ("NeverSweeps", APPEND, "left behind after running again"),
        ("LetsEveryoneIn", REPLACE, "a mix of"),
        ("AbortTakesTheTable", REPLACE, "there is no table"),
        ("UpsertsInPlace", UPSERT, "afterwards a reader sees"),
        ("UpsertDeletesFirst", UPSERT, "afterwards a reader sees {},"),
        ("UpsertDoublesRows", UPSERT, "afterwards a reader sees"),
    ],
)
def test_a_careless_order_is_reported(store, scenario, said, tmp_path):
    matrix = crash_matrix(careless.subject(store), scenario, tmp_path)
    faults = [fault for verdict in matrix.violations for fault in verdict.faults]
    assert any(said in fault for fault in faults), matrix.explained()
    assert len(matrix.violations) < len(matrix.verdicts), "a matrix that reports every point says nothing"


def test_a_publish_that_fails_undisturbed_is_not_a_matrix(tmp_path):
    with pytest.raises(RuntimeError, match="the undisturbed publish failed: NotImplementedError"):
        crash_matrix(careless.subject("CarelessStore"), REPLACE, tmp_path)
