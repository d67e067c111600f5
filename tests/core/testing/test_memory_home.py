"""The memory home keeps the contract of homes: what stands on it in tests could stand on any other."""

from __future__ import annotations

import pytest

from hygge_core.home import ReadRequest
from hygge_core.testing import HomeContract, MemoryHome


class TestMemoryHome(HomeContract):
    @pytest.fixture
    def place(self):
        return {}

    @pytest.fixture
    def open_home(self, place):
        def new():
            home = MemoryHome({})
            home.tables = place
            return home

        return new

    @pytest.fixture
    def fill(self, place):
        def fill(name, frame):
            place[name] = frame
            return ReadRequest(entity=name, flow="kit")

        return fill

    @pytest.fixture
    def fingerprint(self, place):
        return lambda: {name: frame.write_json() for name, frame in place.items()}
