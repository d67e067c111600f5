"""A stranger's home of another shape than ours keeps the contract, with every ability that the kit looks at."""

from __future__ import annotations

from core.testing.sound_home import SoundContract


class TestSoundHome(SoundContract):
    opener = "core.testing.sound_home:SoundHome"
