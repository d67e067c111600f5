"""Records and journals that the tests of the journal share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hygge_core.journal import Journal, JournalRecord
from hygge_core.lakes.local import LocalLake


START = datetime(2026, 11, 20, 20, 15, tzinfo=UTC)


def a_record(number=0, **more):
    """A record of the run of that number."""
    told = {"id": "", "kind": "run", "run": f"run-{number}", "flow": "shop", "entity": "teas", "state": "committed"}
    return JournalRecord(**{**told, "started": START, "finished": START, "rows": number, **more})


def a_journal(root, lake=LocalLake):
    """A journal in which any file that is not its own fails the test."""
    return Journal(lake(root), tell=pytest.fail)


def files_of(root, folder):
    return sorted(path.name for path in (root / folder).iterdir()) if (root / folder).exists() else []
