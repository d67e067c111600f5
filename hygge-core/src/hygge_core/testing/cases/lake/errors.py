"""What cannot be done is refused by the right `OSError`, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.testing.judge import needs
from hygge_core.testing.lake_looks import contains, paths


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import ReadFile


_ON_A_FOLDER: dict[str, Callable[[Lake], object]] = {
    "read": lambda lake: lake.read("folder"),
    "open": lambda lake: _through(lake, "folder"),
    "put": lambda lake: lake.put("folder", b"2"),
    "put if absent": lambda lake: lake.put("folder", b"2", if_absent=True),
    "create": lambda lake: _new(lake, "folder"),
    "rename": lambda lake: lake.rename("file", "folder"),
}
_BELOW_A_FILE: dict[str, Callable[[Lake], object]] = {
    "read": lambda lake: lake.read("file/below"),
    "put": lambda lake: lake.put("file/below", b"2"),
    "create": lambda lake: _new(lake, "file/below"),
    "make_directory": lambda lake: lake.make_directory("file/below"),
    "rename_directory": lambda lake: lake.rename_directory("folder", "file"),
}


class ErrorCases:
    """Callers tell a missing file from a broken network by the type of the error."""

    promise: ClassVar[str] = "what cannot be done is refused by the right OSError, and changes nothing"

    def test_a_missing_file_is_not_found(self, lake: Lake) -> None:
        lake.put("folder/file", b"1")
        for path in ("nothing", "no/thing", "folder/nothing"):
            with pytest.raises(FileNotFoundError):
                lake.read(path)

    @pytest.mark.parametrize("operation", _ON_A_FOLDER)
    def test_a_folder_is_no_file(self, lake: Lake, read: ReadFile, operation: str) -> None:
        _refused(lake, _ON_A_FOLDER[operation], f"`{operation}` takes no folder for a file")
        contains(read, "folder/inside", b"1", "what is refused changes nothing")

    @pytest.mark.parametrize("operation", _BELOW_A_FILE)
    def test_a_file_is_no_folder(self, lake: Lake, read: ReadFile, operation: str) -> None:
        _refused(lake, _BELOW_A_FILE[operation], f"`{operation}` takes no file for a folder")
        contains(read, "file", b"1", "what is refused changes nothing")


def _refused(lake: Lake, ask: Callable[[Lake], object], promise: str) -> None:
    needs(lake.abilities.directories, "the abilities say that folders are beginnings of names")
    lake.put("file", b"1")
    lake.put("folder/inside", b"1")
    with pytest.raises(OSError):  # noqa: PT011 - systems differ in which
        ask(lake)
    found = paths(lake)
    assert found == ["file", "folder", "folder/inside"], f"broken promise: {promise}. Afterwards there is {found}"


def _through(lake: Lake, path: str) -> None:
    with lake.open(path) as file:
        file.read()


def _new(lake: Lake, path: str) -> None:
    with lake.create(path) as file:
        file.write(b"2")
