"""A stranger's store of another shape than ours keeps the contract: the kit asks for nothing that is ours."""

from __future__ import annotations

import pytest

from core.testing import sound
from hygge_core.testing import StoreContract
from hygge_core.testing.crash import Subject


class TestSoundStore(StoreContract):
    opener = "core.testing.sound:open_store"
    crash = Subject(
        open="core.testing.sound:SoundStore",
        read="core.testing.sound:read_for_the_matrix",
        leftovers="core.testing.sound:leftovers",
    )

    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path / "database")

    @pytest.fixture
    def read(self, place):
        return lambda table: sound.read(place, table)
