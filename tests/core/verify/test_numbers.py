"""Verifying by numbers: source, commits, files and readers."""

from __future__ import annotations

import pytest

from .tampering import APPEND, FULL, UPSERT, rows


SOURCE = rows(*((n, n) for n in range(100)))


@pytest.mark.parametrize("settings", [{}, FULL, APPEND, UPSERT], ids=["full_drop", "followed", "append", "upsert"])
@pytest.mark.parametrize("keys", [False, True])
def test_a_table_that_was_just_moved_is_equal(shop, settings, keys):
    verdict = shop(SOURCE, **settings).go().verify("id", keys=keys, **settings)
    assert (verdict.state, verdict.exit_code, verdict.faults, verdict.notes, verdict.error) == ("equal", 0, (), (), "")
    counted = verdict.rows
    assert {counted.source, counted.committed, counted.footers, counted.visible} == {100}
    assert verdict.last.endswith(" UTC")
