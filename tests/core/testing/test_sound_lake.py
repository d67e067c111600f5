"""A stranger's lake, whose leases can be lost, keeps the contract: what the local disk cannot show is shown here."""

from __future__ import annotations

import pytest

from core.testing import lapsing
from hygge_core.testing import LakeContract


class TestLapsingLake(LakeContract):
    opener = "core.testing.lapsing:open_lake"

    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path / "lake")

    @pytest.fixture
    def let_lapse(self, place):
        return lambda: lapsing.lapse(place)
