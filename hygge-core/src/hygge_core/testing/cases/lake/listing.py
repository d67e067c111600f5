"""A list shows everything in a folder and nothing else, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from hygge_core.testing.lake_looks import paths, while_looking


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import OpenLake


_MANY = 60


class ListingCases:
    """Recovery sweeps what it finds in lists, so that they must neither hide nor invent."""

    promise: ClassVar[str] = "a list shows everything in a folder and nothing else, in order"

    def test_a_list_is_in_order_a_folder_before_its_content(self, lake: Lake) -> None:
        for path in ("b", "a/z", "a/y/x", "a-b", "ab/c", "A"):
            lake.put(f"top/{path}", b"1")
        right = ["A", "a", "a/y", "a/y/x", "a/z", "a-b", "ab", "ab/c", "b"]
        found = [path.removeprefix("top/") for path in paths(lake, "top")]
        assert found == right, f"broken promise: a recursive list is ordered name by name. It is {found}, not {right}"

    def test_a_list_looks_into_folders_only_when_asked(self, lake: Lake) -> None:
        lake.put("top/file", b"123")
        lake.put("top/folder/below", b"1")
        found = [(entry.path, entry.size, entry.is_directory) for entry in lake.list("top")]
        right = [("top/file", 3, False), ("top/folder", 0, True)]
        assert found == right, f"broken promise: a list shows what is in a folder. It shows {found}, not {right}"

    def test_the_root_is_a_folder_too(self, lake: Lake) -> None:
        assert list(lake.list("")) == [], "broken promise: an empty lake lists nothing"
        lake.put("folder/file", b"1")
        found = [entry.path for entry in lake.list("")], paths(lake)
        right = ["folder"], ["folder", "folder/file"]
        assert found == right, f"broken promise: the root is listed by an empty path. It shows {found}"

    def test_nothing_is_in_what_is_not_there(self, lake: Lake) -> None:
        lake.put("folder/file", b"1")
        for path in ("nothing", "fold", "folder/file", "folder/file/below"):
            found = [*lake.list(path), *lake.list(path, recursive=True)]
            assert not found, f"broken promise: no folder, no content. {path!r} lists {found}"

    def test_a_name_that_begins_alike_is_in_no_list_but_its_own(self, lake: Lake) -> None:
        for path in ("table/one", "table2/two", "table-old/three", "table.tmp"):
            lake.put(path, b"1")
        found = paths(lake, "table")
        assert found == ["table/one"], f"broken promise: a list shows one folder. That of 'table' shows {found}"

    def test_a_list_of_many_is_complete(self, lake: Lake) -> None:
        right = [f"folder/{number:03}" for number in range(_MANY)]
        for path in reversed(right):
            lake.put(path, b"1")
        found = paths(lake, "folder")
        assert found == right, f"broken promise: a list is complete. It shows {len(found)} of {_MANY} files: {found}"

    def test_what_is_deleted_while_it_is_listed_hides_nothing(self, lake: Lake) -> None:
        for number in range(_MANY // 2):
            lake.put(f"folder/{number:03}", b"1")
        for entry in lake.list("folder"):
            lake.delete(entry.path)
        left = paths(lake, "folder")
        assert not left, f"broken promise: files can be deleted while they are listed. {left} were never listed"

    def test_files_that_come_and_go_hide_none_that_stay(self, lake: Lake, open_lake: OpenLake) -> None:
        stay = {"folder/first", "folder/in between", "folder/last"}
        for path in stay:
            lake.put(path, b"1")
        other = open_lake()

        def look() -> None:
            missed = stay - set(paths(other, "folder"))
            assert not missed, f"broken promise: a list shows what stays while others come and go. It missed {missed}"

        def change(number: int) -> None:
            lake.put(f"folder/guest {number}", b"1")
            lake.delete(f"folder/guest {number - 1}")

        while_looking(look, change)
