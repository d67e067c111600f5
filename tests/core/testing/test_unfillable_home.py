"""A source that no test can write to is tried with a table whose rows are known; nothing is quietly left out."""

from __future__ import annotations

import pytest

from core.testing import sound_home
from hygge_core.testing import HomeContract, Sample
from hygge_core.testing.frames import small


class TestUnfillableHome(HomeContract):
    opener = "core.testing.sound_home:SoundHome"
    unfillable = "the town hall writes it"
    secrets = (sound_home.SECRET,)

    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path)

    @pytest.fixture
    def sample(self, place):
        rows = small(0, 60)
        return Sample(request=sound_home.fill(place, "streets", rows), rows=rows)
