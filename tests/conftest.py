"""Settings of every test."""

from __future__ import annotations

import os

from hypothesis import settings


# Timings on shared machines say nothing; in CI the same examples run every time.
settings.register_profile("hygge", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("hygge")
