"""Real processes, really killed while they publish, with the service looking on: the next run makes it right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random
from time import monotonic

import pytest


TESTS = Path(__file__).parents[2]
SETTINGS = {
    "upsert": {"more": 'write = "upsert"\ndeletes = "key_diff"', "remember_keys": True},
    "diff": {"run_type": "full_drop", "more": "", "watermark": "", "replace": "diff", "key_columns": ["Id"]},
    "rebuild": {"run_type": "full_drop", "more": "", "watermark": "", "key_columns": ["Id"]},
}


def kill_while_it_publishes(project, seed, seconds):
    """Begin an endless publisher, let the service poll for a while, and kill it in the midst of whatever it does."""
    command = [sys.executable, "-m", "openmirroring.proofs.endless", str(project.folder), str(seed)]
    with subprocess.Popen(command, cwd=TESTS, stdout=subprocess.PIPE, encoding="utf-8") as publisher:
        assert publisher.stdout.readline() == "begun\n"
        until = monotonic() + seconds
        while monotonic() < until:
            project.mirrored()
        assert publisher.poll() is None, "it was killed, and did not end"
        publisher.kill()


@pytest.mark.parametrize("rounds", [1, pytest.param(40, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", SETTINGS)
def test_after_a_kill_at_any_moment_the_next_run_makes_the_mirrored_table_the_source(project, source, name, rounds):
    project.write(**SETTINGS[name])
    source.insert(*((number, "first", number) for number in range(1, 300)))
    chance = Random(rounds)  # noqa: S311 - the same moments each time, as far as a machine has them
    for seed in range(1, rounds + 1):
        kill_while_it_publishes(project, seed, chance.uniform(0.05, 0.6))
        project.mirrored()
        done = project.go()
        assert done.state == "committed", done.error
        assert project.mirrored() == source.rows()
    assert project.findings() == []
