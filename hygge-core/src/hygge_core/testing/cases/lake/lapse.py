"""Who lost a lease finds out before changing anything."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.errors import Locked
from hygge_core.lake import Lapses
from hygge_core.testing.judge import needs


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import OpenLake


_PATH = "state/lease"


class LapseCases:
    """A lease on a server is lost when its holder sleeps, or the network does."""

    promise: ClassVar[str] = "where a lease can be lost, its holder finds out"
    patience: ClassVar[float] = 90

    def test_a_held_lease_is_certain(self, lake: Lake) -> None:
        with lake.lease(_PATH, "run 1") as hold:
            for _ in range(3):
                _lapsing(hold).check()

    def test_a_lease_that_another_took_over_is_lost_for_good(
        self, lake: Lake, open_lake: OpenLake, let_lapse: Callable[[], None]
    ) -> None:
        with lake.lease(_PATH, "run 1") as held:
            hold = _lapsing(held)
            let_lapse()
            with ExitStack() as second:
                _take(second, open_lake())
                _wait_until_lost(hold, self.patience)
            with pytest.raises(Locked):
                hold.check()


def _lapsing(hold: object) -> Lapses:
    needs(isinstance(hold, Lapses), "a lease lasts here as long as its holder lives")
    assert isinstance(hold, Lapses)
    return hold


def _take(second: ExitStack, lake: Lake) -> None:
    try:
        second.enter_context(lake.lease(_PATH, "run 2"))
    except Locked:
        pytest.skip("`let_lapse` does not end the lease of a holder that lives")


def _wait_until_lost(hold: Lapses, seconds: float) -> None:
    """Wait for `check` to raise; a bound, not a measure."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            hold.check()
        except Locked:
            return
        time.sleep(0.05)
    pytest.fail("broken promise: a hold that another took over is lost, but `check` still returns")
