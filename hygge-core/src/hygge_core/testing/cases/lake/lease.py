"""A name is held by one holder, of whom the others are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from hygge_core.errors import Locked
from hygge_core.testing.judge import needs
from hygge_core.testing.lake_looks import all_at_once
from hygge_core.testing.process import Child, in_process, named


if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import OpenLake


_MANY, _PATIENCE_SECONDS = 8, 60
_PATH, _HOLDER = "deep/state/lease", "run 1 på atlas"


class LeaseCases:
    """Two runs that write one table lose rows."""

    promise: ClassVar[str] = "a name is held by one holder, of whom others are told, and free after its death"
    opener: ClassVar[str] = ""

    def test_a_second_holder_is_told_who_the_first_is(self, lake: Lake, open_lake: OpenLake) -> None:
        with lake.lease(_PATH, _HOLDER):
            for other in (lake, open_lake()):
                _is_locked(other)

    def test_a_thread_of_the_same_process_is_a_second_holder(self, lake: Lake) -> None:
        with lake.lease(_PATH, _HOLDER), ThreadPoolExecutor(1) as thread:
            thread.submit(_is_locked, lake).result()

    def test_another_process_is_a_second_holder(self, place: Any, lake: Lake) -> None:
        needs(bool(self.opener), "the lake names no opener: it dies with its process")
        with lake.lease(_PATH, _HOLDER):
            ending = in_process(_lease_elsewhere, self.opener, place)
        assert ending.kind == "Locked", f"broken promise: a second process is locked out, but: {ending}"
        assert _HOLDER in ending.error, f"broken promise: `Locked` names the holder {_HOLDER!r}: {ending.error}"

    def test_what_was_let_go_is_free(self, lake: Lake, open_lake: OpenLake) -> None:
        with lake.lease(_PATH, _HOLDER):
            pass
        with pytest.raises(ZeroDivisionError), lake.lease(_PATH, "run 2"):
            raise ZeroDivisionError
        with open_lake().lease(_PATH, "run 3"), pytest.raises(Locked) as refused, lake.lease(_PATH, "run 4"):
            pass
        told = refused.value.holder
        assert told == "run 3", f"broken promise: `Locked` names who holds it now, 'run 3', not {told!r}"

    def test_other_names_are_free(self, lake: Lake) -> None:
        with lake.lease(_PATH, _HOLDER), lake.lease("deep/other/lease", "run 2"):
            lake.put("deep/state/file", b"a folder can be written to while a name in it is held")

    def test_of_many_at_once_one_holds_it(self, lake: Lake, open_lake: OpenLake) -> None:
        lakes, asked = [lake, open_lake()], Barrier(_MANY)

        def hold(number: int) -> bool:
            """Ask for it, and wait with or without it until all have asked."""
            try:
                with lakes[number % 2].lease(_PATH, f"run {number}"):
                    asked.wait(_PATIENCE_SECONDS)
                    return True
            except Locked:
                asked.wait(_PATIENCE_SECONDS)
                return False

        held = all_at_once([partial(hold, number) for number in range(_MANY)])
        assert held.count(True) == 1, f"broken promise: of many that want a name at once, one holds it. They got {held}"

    def test_a_killed_holders_lease_is_free(self, place: Any, lake: Lake, let_lapse: Callable[[], None]) -> None:
        needs(bool(self.opener), "the lake names no opener: it dies with its process")
        child = Child(_hold_until_killed, self.opener, place, talks=True)
        assert child.hear() == "held"
        _is_locked(lake)
        child.kill()
        child.line.close()
        let_lapse()
        with lake.lease(_PATH, "run 2"):
            pass


def _is_locked(lake: Lake) -> None:
    with pytest.raises(Locked) as refused, lake.lease(_PATH, "run 2"):
        pass
    told = refused.value.holder
    assert told == _HOLDER, f"broken promise: `Locked` names the holder {_HOLDER!r}, not {told!r}"


def _lease_elsewhere(opener: str, place: Any) -> None:
    lake: Lake = named(opener)(place)
    with lake.lease(_PATH, "run 2"):
        pass


def _hold_until_killed(line: Connection, opener: str, place: Any) -> None:
    lake: Lake = named(opener)(place)
    with lake.lease(_PATH, _HOLDER):
        line.send("held")
        line.poll(None)
