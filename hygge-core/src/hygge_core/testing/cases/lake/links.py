"""A file may have two names, and each outlives the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.lake import LinksFiles
from hygge_core.testing.judge import needs
from hygge_core.testing.lake_looks import contains, paths


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import ReadFile


class LinkCases:
    """A new table holds the old one's files without a copy of them."""

    promise: ClassVar[str] = "a file may have two names, and each outlives the other"

    def test_a_declared_link_is_there(self, lake: Lake) -> None:
        needs(lake.abilities.hard_links, "the abilities say that a file has one name")
        assert isinstance(lake, LinksFiles), "broken promise: `hard_links` is declared, but there is no `link`"

    def test_many_files_get_second_names_in_new_folders(self, lake: Lake, read: ReadFile) -> None:
        linking = _linking(lake)
        names = {f"table/{number}": f"stage/{number % 2}/{number}" for number in range(5)}
        for source in names:
            lake.put(source, source.encode())
        linking.link(names)
        for source, target in names.items():
            contains(read, target, source.encode(), "a second name holds the same content")
            contains(read, source, source.encode(), "a file keeps its first name")

    def test_either_name_outlives_the_other(self, lake: Lake, read: ReadFile) -> None:
        linking = _linking(lake)
        lake.put("table/one", b"1")
        lake.put("table/two", b"2")
        linking.link({"table/one": "stage/one", "table/two": "stage/two"})
        lake.delete("stage/one")
        contains(read, "table/one", b"1", "the first name outlives the second")
        lake.delete_directory("table")
        contains(read, "stage/two", b"2", "the second name outlives the first, and its folder")

    def test_a_new_file_under_one_name_leaves_the_other(self, lake: Lake, read: ReadFile) -> None:
        linking = _linking(lake)
        lake.put("table/one", b"old")
        linking.link({"table/one": "stage/one"})
        lake.put("table/one", b"new")
        contains(read, "stage/one", b"old", "what is put under one name does not show under the other")

    def test_a_link_takes_no_name_that_is_taken(self, lake: Lake, read: ReadFile) -> None:
        linking = _linking(lake)
        lake.put("one", b"1")
        lake.put("two", b"2")
        with pytest.raises(FileExistsError):
            linking.link({"one": "two"})
        contains(read, "two", b"2", "a link takes no name that is taken")

    def test_nothing_gets_no_second_name(self, lake: Lake) -> None:
        with pytest.raises(FileNotFoundError):
            _linking(lake).link({"nothing": "something"})
        assert paths(lake) == [], "broken promise: a failed link leaves nothing"


def _linking(lake: Lake) -> LinksFiles:
    needs(lake.abilities.hard_links, "the abilities say that a file has one name")
    assert isinstance(lake, LinksFiles)
    return lake
