"""Folders are made once and move with everything in them."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.testing.judge import needs
from hygge_core.testing.lake_looks import all_at_once, paths


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import OpenLake


_PATIENCE_SECONDS = 60
_FILES = 25


class FolderCases:
    """A table of many files becomes visible by the rename of its folder."""

    promise: ClassVar[str] = "a folder moves with everything in it, to a name that is free"

    def test_a_folder_is_made_with_its_parents_and_made_again(self, lake: Lake) -> None:
        for _ in range(2):
            lake.make_directory("a/b/c")
        lake.put("a/b/file", b"1")
        lake.make_directory("a/b")
        found = [(entry.path, entry.is_directory) for entry in lake.list("a/b")]
        right = [("a/b/c", True), ("a/b/file", False)]
        assert found == right, f"broken promise: making a folder that is there leaves it as it is. It holds {found}"

    def test_many_may_make_a_folder_at_once(self, lake: Lake) -> None:
        wrong = [result for result in all_at_once([lambda: lake.make_directory("a/b/c")] * 8) if result is not None]
        assert not wrong, f"broken promise: it is no error that a folder is there. Making one at once gave {wrong}"

    def test_a_folder_moves_with_all_that_is_in_it(self, lake: Lake) -> None:
        for path in ("one", "sub/two", "sub/sub/three"):
            lake.put(f"old/{path}", path.encode())
        lake.rename_directory("old", "deep/new")
        found = paths(lake)
        right = ["deep", "deep/new", *(f"deep/new/{path}" for path in ("one", "sub", "sub/sub"))]
        right += ["deep/new/sub/sub/three", "deep/new/sub/two"]
        assert found == right, f"broken promise: a folder moves with everything in it. There is {found}, not {right}"
        assert lake.read("deep/new/sub/sub/three") == b"sub/sub/three"

    def test_an_empty_folder_moves(self, lake: Lake) -> None:
        lake.make_directory("old")
        lake.rename_directory("old", "new")
        assert lake.stat("old") is None, "broken promise: a folder that moved is no longer where it was"
        entry = lake.stat("new")
        assert entry is not None, "broken promise: an empty folder moves too. It is gone"
        assert entry.is_directory, f"broken promise: an empty folder stays a folder. It is {entry}"

    def test_a_folder_does_not_move_to_a_name_that_is_taken(self, lake: Lake) -> None:
        lake.put("one/a", b"1")
        lake.put("two/b", b"2")
        lake.make_directory("empty")
        for taken in ("two", "empty"):
            with pytest.raises(FileExistsError):
                lake.rename_directory("one", taken)
        found = paths(lake)
        right = ["empty", "one", "one/a", "two", "two/b"]
        assert found == right, f"broken promise: a folder moves to a free name only. There is {found}, not {right}"

    def test_no_folder_does_not_move(self, lake: Lake) -> None:
        with pytest.raises(FileNotFoundError):
            lake.rename_directory("nothing", "somewhere")
        assert lake.stat("somewhere") is None

    def test_a_folder_that_moves_is_seen_whole(self, lake: Lake, open_lake: OpenLake) -> None:
        needs(lake.abilities.atomic_directory_rename, "the abilities say that a folder does not move in one step")
        other = open_lake()
        for turn in range(5):
            for number in range(_FILES):
                lake.put(f"old/{number:02}", b"1")
            begun = threading.Event()
            with ThreadPoolExecutor(1) as thread:
                seen = thread.submit(_first_sight, other, f"new {turn}", begun)
                begun.wait()
                lake.rename_directory("old", f"new {turn}")
                count = seen.result()
            assert count == _FILES, f"broken promise: a folder moves in one step. A reader saw {count} of {_FILES}"


def _first_sight(lake: Lake, folder: str, begun: threading.Event) -> int:
    """Wait for a folder to appear, and count what is in it at that moment."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        appeared = lake.stat(folder) is not None
        begun.set()
        if appeared:
            return len(list(lake.list(folder)))
    return 0
