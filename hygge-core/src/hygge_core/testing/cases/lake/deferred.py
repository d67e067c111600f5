"""What may become durable later is seen by everybody at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from hygge_core.lake import Defers
from hygge_core.testing.judge import needs
from hygge_core.testing.lake_looks import contains, paths
from hygge_core.testing.process import die, in_process, named


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import ReadFile


class DeferredCases:
    """Only a power cut may lose it."""

    promise: ClassVar[str] = "what may become durable later is seen by everybody at once"
    opener: ClassVar[str] = ""

    def test_it_is_seen_and_gone_at_once(self, lake: Lake, read: ReadFile) -> None:
        deferring = _deferring(lake)
        deferring.put_soon("deep/file", b"tea")
        contains(read, "deep/file", b"tea", "what is put soon is seen at once")
        assert paths(lake) == ["deep", "deep/file"], "broken promise: `put_soon` leaves nothing but its file"
        for _ in range(2):
            deferring.delete_soon("deep/file")
            contains(read, "deep/file", None, "what is deleted soon is gone at once")

    def test_what_is_put_soon_takes_no_name_that_is_taken(self, lake: Lake, read: ReadFile) -> None:
        deferring = _deferring(lake)
        lake.put("file", b"old")
        with pytest.raises(FileExistsError):
            deferring.put_soon("file", b"new")
        contains(read, "file", b"old", "`put_soon` takes no name that is taken")

    def test_a_killed_process_loses_none_of_it(self, place: Any, lake: Lake, read: ReadFile) -> None:
        needs(bool(self.opener), "the lake names no opener: it dies with its process")
        _deferring(lake)
        lake.put("old", b"1")
        ending = in_process(_defer_and_die, self.opener, place)
        assert ending.killed, f"the process that was to be killed ended by itself: {ending.error}"
        contains(read, "new", b"2", "a killed process loses nothing that it put soon")
        contains(read, "old", None, "a killed process loses nothing that it deleted soon")


def _deferring(lake: Lake) -> Defers:
    needs(isinstance(lake, Defers), "the lake cannot leave durability to the system")
    assert isinstance(lake, Defers)
    return lake


def _defer_and_die(opener: str, place: Any) -> None:
    lake: Lake = named(opener)(place)
    deferring = _deferring(lake)
    deferring.put_soon("new", b"2")
    deferring.delete_soon("old")
    die()
