"""What all tests from end to end share."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="module", autouse=True)
def unmeasured():
    """Keep coverage out of the programs that these tests start: it takes half as long again, for lines others run."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("COVERAGE_PROCESS_")]:
            patch.delenv(name)
        yield
