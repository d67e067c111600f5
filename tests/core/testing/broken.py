"""Stores that each break one promise, for the contract to catch.

Every class breaks one step of `sound.SoundStore`, and ``caught_by`` names the cases that
must fail for it: exactly these and no others, so that a case that grows blind, or one
that cries for the wrong reason, is noticed.  `test_broken_stores` runs them all.
"""

from __future__ import annotations

from functools import partial
from typing import ClassVar

import pytest

from core.testing import sound
from core.testing.sound import SoundStage, SoundStore, SoundWriter
from hygge_core.testing import StoreContract


BROKEN: dict[str, type] = {}


def broken(stage=SoundStage, writer=SoundWriter, **members):
    """Make an opener of a store with broken steps, under the name of the class that follows."""

    class Stage(stage):
        def writer(self):
            return writer(self)

    # A lambda, since a class would not be bound to the store as a method is.
    return type("BrokenStore", (SoundStore,), {"stage": lambda *given: Stage(*given), **members})  # noqa: PLW0108


class Contract(StoreContract):
    __test__ = False
    store_type = SoundStore
    caught_by: ClassVar[frozenset[str]] = frozenset()
    spreads: ClassVar[bool] = False  # whether so much breaks that `caught_by` is only the part that must

    def __init_subclass__(cls):
        cls.__test__ = True
        cls.opener = f"{cls.__module__}:{cls.__name__}.store_type"
        BROKEN[cls.__name__] = cls

    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path)

    @pytest.fixture
    def open_store(self, place):
        return partial(self.store_type, place)

    @pytest.fixture
    def read(self, place):
        return lambda table: sound.read(place, table)
