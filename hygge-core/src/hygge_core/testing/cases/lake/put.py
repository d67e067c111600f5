"""A small file is put whole: readers see the old content or the new."""

from __future__ import annotations

import time
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from hygge_core.testing.judge import needs
from hygge_core.testing.lake_looks import contains, paths, told, while_looking
from hygge_core.testing.process import Child, named


if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import OpenLake, ReadFile


_CONTENTS = (b"a" * 200_000, b"b" * 300_000)
_CHANGES, _PATIENCE_SECONDS = 5, 60
_PROMISE = "a file is put whole: readers see the old content or the new"


class PutCases:
    """Small files are what commits are recorded in."""

    promise: ClassVar[str] = _PROMISE
    opener: ClassVar[str] = ""

    @pytest.mark.parametrize("data", [b"", b"\r\n", bytes(range(256)), b"x" * 300_000], ids=len)
    def test_what_is_put_is_read(self, lake: Lake, read: ReadFile, data: bytes) -> None:
        lake.put("folder/file", data)
        contains(read, "folder/file", data, "a file holds what was put")
        found = lake.read("folder/file")
        assert found == data, f"broken promise: a lake reads what it put. It reads {told(found)}, not {told(data)}"

    def test_a_file_is_put_over_a_longer_and_a_shorter_one(self, lake: Lake, read: ReadFile) -> None:
        for data in (b"long content", b"short", b"longer content again"):
            lake.put("file", data)
            contains(read, "file", data, "what is put replaces all that was there")

    def test_putting_a_file_makes_its_folders_and_nothing_else(self, lake: Lake) -> None:
        lake.put("a/b/file", b"1")
        lake.put("a/b/file", b"2")
        found = paths(lake)
        assert found == ["a", "a/b", "a/b/file"], f"broken promise: `put` leaves nothing but its file. There is {found}"

    def test_a_reader_never_sees_half_a_file(self, lake: Lake, open_lake: OpenLake) -> None:
        lake.put("file", _CONTENTS[0])
        while_looking(_look_at(open_lake()), lambda number: lake.put("file", _CONTENTS[number % 2]))

    def test_a_killed_writer_leaves_the_old_content_or_the_new(self, place: Any, lake: Lake) -> None:
        needs(bool(self.opener), "the lake names no opener: it dies with its process")
        child = Child(_put_until_killed, self.opener, place, talks=True)
        assert child.hear() == "putting"
        look = _look_at(lake)
        _see_changes(lake, look)
        child.kill()
        child.line.close()
        look()


def _look_at(lake: Lake) -> Callable[[], None]:
    def look() -> None:
        try:
            found = lake.read("file")
        except FileNotFoundError:
            raise AssertionError(f"broken promise: {_PROMISE}. A reader found no file") from None
        assert found in _CONTENTS, f"broken promise: {_PROMISE}. A reader got {told(found)}"
        assert lake.stat("file") is not None, f"broken promise: {_PROMISE}. `stat` found no file"

    return look


def _see_changes(lake: Lake, look: Callable[[], None]) -> None:
    """Look at every moment of a few changes."""
    seen, changes, end = b"", 0, time.monotonic() + _PATIENCE_SECONDS
    while changes < _CHANGES and time.monotonic() < end:
        look()
        seen, before = lake.read("file"), seen
        changes += seen != before


def _put_until_killed(line: Connection, opener: str, place: Any) -> None:
    lake: Lake = named(opener)(place)
    for number in count():
        lake.put("file", _CONTENTS[number % 2])
        if number == 1:
            line.send("putting")
