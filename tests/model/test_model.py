"""Whatever happens to source and runs, the store is what the documentation says.

``nox -s model`` plays 2,000 stories, CI 100.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from hygge_core.staging import retirement
from model.machine import IncrementalRuns


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch):
    """Sweep what was replaced at once: nobody reads while these runs go on, and they are many."""
    monkeypatch.setattr(retirement, "_GRACE_SECONDS", 0)


def play(stories, steps):
    health = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        IncrementalRuns,
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=health,
            print_blob=True,
        ),
    )


def test_every_story_ends_as_documented():
    play(100, steps=12)


@pytest.mark.slow
def test_every_one_of_many_stories_ends_as_documented():
    play(2_000, steps=20)
