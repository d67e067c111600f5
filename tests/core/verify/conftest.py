from __future__ import annotations

import pytest

from core.verify.tampering import Shop


@pytest.fixture
def shop(tmp_path):
    """Make a table, not moved yet."""

    def make(source, **settings):
        return Shop(tmp_path, source, **settings)

    return make
