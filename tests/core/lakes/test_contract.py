"""The local disk keeps the contract of lakes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hygge_core.testing import LakeContract
from hygge_core.testing.cases.lake.names import ODD


FORBIDDEN = set('<>:"|?*') if sys.platform == "win32" else set()


class TestLocalLake(LakeContract):
    opener = "core.lakes.opening:open_lake"
    refuses = {name: "Windows keeps these characters for itself" for name in ODD if FORBIDDEN & set(name)}  # noqa: RUF012 - as the contract has it
    one_name = "" if sys.platform == "linux" else "the file systems of macOS and Windows take them for one name"

    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path / "lake")

    @pytest.fixture
    def read(self, place):
        def read(path):
            file = Path(place, path)
            return file.read_bytes() if file.is_file() else None

        return read
