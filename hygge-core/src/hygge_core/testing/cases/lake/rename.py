"""A file moves in one step, and over another only when told to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.testing.judge import needs
from hygge_core.testing.lake_looks import contains, paths, while_looking


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import OpenLake, ReadFile


class RenameCases:
    """A staged file becomes part of a table by being renamed."""

    promise: ClassVar[str] = "a file moves whole, and over another only when told to"

    def test_a_file_moves_into_folders_that_are_made(self, lake: Lake, read: ReadFile) -> None:
        lake.put("one", b"tea")
        lake.rename("one", "deep/er/two")
        contains(read, "one", None, "a file that moved is no longer where it was")
        contains(read, "deep/er/two", b"tea", "a file moves with its content")
        assert paths(lake) == ["deep", "deep/er", "deep/er/two"]

    @pytest.mark.parametrize("replace", [False, True], ids=["free name only", "replace"])
    def test_a_large_file_moves_whole(self, lake: Lake, read: ReadFile, replace: bool) -> None:  # noqa: FBT001 - pytest gives it
        data = bytes(range(256)) * 20_000
        with lake.create("one") as file:
            file.write(data)
        lake.rename("one", "two", replace=replace)
        contains(read, "two", data, "a file moves with its content")

    def test_a_file_moves_to_no_name_that_is_taken(self, lake: Lake, read: ReadFile) -> None:
        lake.put("one", b"1")
        lake.put("two", b"2")
        with pytest.raises(FileExistsError):
            lake.rename("one", "two")
        contains(read, "one", b"1", "a file that could not move stays")
        contains(read, "two", b"2", "a file that has the name keeps it")

    def test_a_file_moves_over_another_when_told_to(self, lake: Lake, read: ReadFile) -> None:
        lake.put("one", b"1")
        lake.put("two", b"22")
        lake.rename("one", "two", replace=True)
        contains(read, "one", None, "a file that moved is no longer where it was")
        contains(read, "two", b"1", "a file moves over another when told to")

    @pytest.mark.parametrize("replace", [False, True], ids=["free name only", "replace"])
    def test_nothing_does_not_move(self, lake: Lake, read: ReadFile, replace: bool) -> None:  # noqa: FBT001 - pytest gives it
        lake.put("folder/taken", b"2")
        with pytest.raises(FileNotFoundError):
            lake.rename("folder/nothing", "folder/free", replace=replace)
        with pytest.raises(OSError):  # noqa: PT011 - either may be told first
            lake.rename("folder/nothing", "folder/taken", replace=replace)
        contains(read, "folder/taken", b"2", "a rename of nothing changes nothing")

    def test_a_replaced_file_is_never_missing(self, lake: Lake, open_lake: OpenLake) -> None:
        needs(lake.abilities.atomic_replace, "the abilities say that a replaced file may be missing for a moment")
        contents = [b"%d" % number * 50_000 for number in range(20)]
        for number, data in enumerate(contents):
            lake.put(f"staged/{number}", data)
        lake.put("table", contents[0])
        other = open_lake()

        def look() -> None:
            try:
                whole = other.read("table") in contents
            except FileNotFoundError:
                raise AssertionError("broken promise: a file that is replaced by a rename is never missing") from None
            assert whole, "broken promise: a file that is replaced by a rename is never seen in part"

        while_looking(look, lambda number: lake.rename(f"staged/{number}", "table", replace=True))
