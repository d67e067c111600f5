"""The memory store keeps the contract that it is used to test others with."""

from __future__ import annotations

import pytest

from hygge_core.testing import MemoryPlace, MemoryStore, StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def place(self):
        return MemoryPlace()

    @pytest.fixture
    def open_store(self, place):
        return lambda: MemoryStore(place)

    @pytest.fixture
    def read(self, place):
        return place.read
