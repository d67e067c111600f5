"""Settings of every test."""

from __future__ import annotations

import logging
import os
import sys

import pytest
from hypothesis import settings


# Timings on shared machines say nothing; in CI the same examples run every time.
settings.register_profile("hygge", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("hygge")


@pytest.fixture(autouse=True)
def own_logs():
    """Give logs back their defaults after a test whose command, called in this process, set them up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog = sys.modules.get("structlog")
    if structlog is not None and structlog.is_configured():
        structlog.reset_defaults()
        logging.captureWarnings(capture=False)
        root.handlers[:] = handlers
        root.setLevel(level)
