"""A run with deletes that is killed leaves the table before or after it, and the next run ends where it should."""

from __future__ import annotations

import pytest

from core.deletes.dying import FIRST, SECOND, THEN, VERBS, run, run_and_die, seen
from hygge_core.testing.process import in_process


BEFORE = [(number, "old") for number in (*range(6), 7)]
AFTER = [(0, "old"), (2, "old"), (3, "old"), (4, "new"), (7, "old"), (9, "new")]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_killed_run_converges(tmp_path, verb, after):
    place = str(tmp_path)
    assert run(place, FIRST).state == "committed"
    assert run(place, SECOND).state == "committed", "so that there is a file to carry over"
    ending = in_process(run_and_die, place, verb, after)
    assert ending.killed, ending
    assert seen(place) in (BEFORE, AFTER)
    outcome = run(place, THEN)
    assert outcome.state in {"committed", "kept"}, outcome.error
    assert seen(place) == AFTER
    assert run(place, THEN).state == "kept"
