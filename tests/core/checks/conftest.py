from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from hygge_core import CommitRefused
from hygge_core.checks import Evidence, judge
from hygge_core.checks.config import ChecksConfig


NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def evidence(frame=None, **figures):
    frame = pl.DataFrame({"id": []}) if frame is None else frame
    return Evidence(**{"rows": frame.height, "now": NOW, "incoming": frame.lazy, **figures})


def refusal(seen, **checks):
    """What the checks refuse, or nothing."""
    try:
        judge(ChecksConfig(**checks), seen, where="shop.teas")
    except CommitRefused as refused:
        return refused.what
    return ""


@pytest.fixture
def ask():
    return refusal
