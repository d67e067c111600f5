"""What a test opens gets what a run would give it."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hygge_core.errors import UsageError
from hygge_core.testing import context


class Ladder:
    """A connection that somebody opened."""

    def close(self):
        """Nothing is held."""


def test_relative_paths_start_at_the_project():
    assert context("shop").project == Path("shop")


def test_a_connection_is_the_one_that_was_given():
    ladder = Ladder()
    assert context("shop", erp=ladder).connections.get("erp") is ladder


def test_a_connection_that_was_not_given_is_named():
    with pytest.raises(UsageError, match="there is no connection 'erp'; give it to the context"):
        context("shop", crm=Ladder()).connections.get("erp")


def test_log_events_can_be_captured():
    with capture_logs() as events:
        context("shop").log.info("source.opened", rows=3)
    assert events == [{"event": "source.opened", "rows": 3, "log_level": "info"}]


def test_the_memory_can_be_chosen():
    assert context("shop", memory=1 << 20).memory == 1 << 20
