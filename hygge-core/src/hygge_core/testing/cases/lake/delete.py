"""What is deleted is gone, nothing else is, and nothing is no error."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from hygge_core.testing.lake_looks import all_at_once, contains, paths


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import ReadFile


class DeleteCases:
    """Cleaning up may happen twice, and by two at once."""

    promise: ClassVar[str] = "what is deleted is gone, nothing else is, and deleting again is no error"

    def test_a_deleted_file_is_gone_alone(self, lake: Lake, read: ReadFile) -> None:
        for path in ("folder/a", "folder/ab", "folder/b"):
            lake.put(path, b"1")
        lake.delete("folder/a")
        contains(read, "folder/a", None, "a deleted file is gone")
        found = paths(lake, "folder")
        assert found == ["folder/ab", "folder/b"], f"broken promise: only the deleted file is gone. {found} are left"

    def test_a_deleted_folder_is_gone_with_all_that_is_in_it(self, lake: Lake) -> None:
        for path in ("table/a", "table/sub/b", "table2/c", "other"):
            lake.put(path, b"1")
        lake.make_directory("table/empty")
        lake.delete_directory("table")
        found = paths(lake)
        right = ["other", "table2", "table2/c"]
        assert found == right, (
            f"broken promise: one folder is gone, with everything in it. {found} are left, not {right}"
        )

    def test_deleting_what_is_not_there_is_no_error(self, lake: Lake) -> None:
        lake.put("folder/file", b"1")
        for _ in range(2):
            lake.delete("folder/file")
            lake.delete("nowhere/file")
        for _ in range(2):
            lake.delete_directory("folder")
            lake.delete_directory("nowhere/folder")
        assert paths(lake) == []

    def test_many_may_delete_at_once(self, lake: Lake) -> None:
        for number in range(10):
            lake.put(f"folder/{number}", b"1")
        actions = [partial(lake.delete, f"folder/{number % 2}") for number in range(8)]
        wrong = [result for result in all_at_once(actions) if result is not None]
        assert not wrong, f"broken promise: deleting what another deletes is no error. It gave {wrong}"
        left = [f"folder/{number}" for number in range(2, 10)]
        assert paths(lake, "folder") == left

    def test_a_deleted_name_is_free(self, lake: Lake, read: ReadFile) -> None:
        lake.put("name", b"1")
        lake.delete("name")
        lake.put("name", b"2", if_absent=True)
        contains(read, "name", b"2", "a deleted name is free")
        lake.delete("name")
        lake.put("name/file", b"3")
        lake.delete_directory("name")
        with lake.create("name") as file:
            file.write(b"4")
        contains(read, "name", b"4", "a deleted name is free")
