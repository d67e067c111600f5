"""A file or folder may have any name that people invent, and keeps it as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.testing.frames import NAMES
from hygge_core.testing.judge import needs
from hygge_core.testing.lake_looks import contains, paths


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import ReadFile


ODD = (*NAMES, "%2F", "100%", "a+b", " leading space", ".hidden", "..two dots", "_under", "key=value", "日本")
_ALIKE = {
    "escapes": ("a%20b", "a b", "a+b", "a%2520b"),
    "case": ("name", "NAME", "Name"),
    "composition": ("caf\u00e9", "cafe\u0301"),
}
_OUTSIDE = ("../out", "a/../../out", "/out", "..")


class NameCases:
    """Tables and the values of partitions become names."""

    promise: ClassVar[str] = "a file or folder may have any name, and keeps it as it is"
    refuses: ClassVar[Mapping[str, str]] = {}
    one_name: ClassVar[str] = ""

    @pytest.mark.parametrize("name", ODD)
    def test_odd_names(self, lake: Lake, read: ReadFile, name: str) -> None:
        if name in self.refuses:
            _is_refused(lake, name)
            return
        lake.put(f"{name}/{name}", b"1")
        contains(read, f"{name}/{name}", b"1", f"a file may be called {name!r}")
        found = [(entry.path, entry.is_directory) for entry in lake.list("", recursive=True)]
        right = [(name, True), (f"{name}/{name}", False)]
        assert found == right, f"broken promise: names are listed as they are. There is {found}, not {right}"
        with lake.create(f"{name}/new") as file:
            file.write(b"2")
        lake.rename(f"{name}/new", f"{name}/{name}", replace=True)
        lake.rename_directory(name, f"moved {name}")
        contains(read, f"moved {name}/{name}", b"2", f"what is called {name!r} can be moved")
        lake.delete(f"moved {name}/{name}")
        assert lake.stat(f"moved {name}/{name}") is None, f"broken promise: what is called {name!r} can be deleted"

    @pytest.mark.parametrize("way", _ALIKE)
    def test_names_that_look_alike_stay_apart(self, lake: Lake, read: ReadFile, way: str) -> None:
        needs(way == "escapes" or not self.one_name, self.one_name)
        names = _ALIKE[way]
        for name in names:
            lake.put(f"folder/{name}", name.encode())
        for name in names:
            contains(read, f"folder/{name}", name.encode(), f"{name!r} is not another of {names}")
        found = paths(lake, "folder")
        assert found == sorted(f"folder/{name}" for name in names), f"broken promise: {names} stay apart: {found}"

    @pytest.mark.parametrize("path", _OUTSIDE)
    def test_no_path_leads_out_of_the_lake(self, lake: Lake, path: str) -> None:
        for ask in (lake.stat, lake.read, lambda path: list(lake.list(path))):
            with pytest.raises(ValueError):  # noqa: PT011 - in the words of the lake
                ask(path)

    def test_nothing_is_written_out_of_the_lake(self, lake: Lake) -> None:
        lake.make_directory("folder")
        with pytest.raises(ValueError):  # noqa: PT011 - in the words of the lake
            lake.put("folder/../../written by the kit", b"1")


def _is_refused(lake: Lake, name: str) -> None:
    with pytest.raises((OSError, ValueError)):
        lake.put(f"folder/{name}", b"1")
    found = [path for path in paths(lake) if path != "folder"]
    assert not found, f"broken promise: a refused name leaves nothing. There is {found}"
