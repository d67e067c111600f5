"""Lakes that each break one promise, for the contract to catch.

Every class breaks one step of the local disk, and ``caught_by`` names the cases that must fail for it: exactly
these and no others.  `test_broken_lakes` runs them all.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

import pytest

from hygge_core.lakes.local import LocalLake
from hygge_core.testing import LakeContract


BROKEN: dict[str, type] = {}
MOMENT = 0.01  # seconds for which what should be one step stands open


class Contract(LakeContract):
    __test__ = False
    lake_type = LocalLake
    patience = 0.2
    caught_by: ClassVar[frozenset[str]] = frozenset()
    spreads: ClassVar[bool] = False  # whether so much breaks that `caught_by` is only the part that must

    def __init_subclass__(cls):
        cls.opener = f"{cls.__module__}:{cls.__name__}.open_lake_at"
        cls.__test__ = cls.__name__.startswith("Test")
        if cls.__test__:
            BROKEN[cls.__name__] = cls

    @classmethod
    def open_lake_at(cls, place):
        return cls.lake_type(Path(place))

    @pytest.fixture(autouse=True)
    def quickly(self, monkeypatch):
        """Wait for no disk: none of these lakes is tried by a power cut."""
        monkeypatch.setattr(os, "fsync", lambda _: None)

    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path / "lake")

    @pytest.fixture
    def read(self, place):
        def read(path):
            file = Path(place, path)
            return file.read_bytes() if file.is_file() else None

        return read


def broken(*, base=LocalLake, **members):
    """Make a type of lake with broken methods, under the name of the class that follows."""
    return type("BrokenLake", (base,), members)
