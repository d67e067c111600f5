"""A folder moves only while it is still the one that was looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.lake import Lapses
from hygge_core.testing.judge import needs
from hygge_core.testing.lake_looks import paths


if TYPE_CHECKING:
    from hygge_core.lake import Lake


class FenceCases:
    """Who lost a lease without noticing must not move the table of the next holder."""

    promise: ClassVar[str] = "where leases can be lost, a folder moves only while it is still the one of its version"

    def test_another_folder_of_the_name_does_not_move(self, lake: Lake) -> None:
        seen = _version(lake)
        lake.rename_directory("table", "gone")
        lake.put("table/new", b"new")
        with pytest.raises(OSError):  # noqa: PT011 - any that the lake finds fitting
            lake.rename_directory("table", "elsewhere", version=seen)
        found = paths(lake)
        right = ["gone", "gone/old", "table", "table/new"]
        assert found == right, f"broken promise: a version keeps another folder in its place. There is {found}"

    def test_the_same_folder_moves_whatever_came_into_it(self, lake: Lake) -> None:
        seen = _version(lake)
        lake.put("table/new", b"new")
        lake.rename_directory("table", "elsewhere", version=seen)
        assert paths(lake) == ["elsewhere", "elsewhere/new", "elsewhere/old"]


def _version(lake: Lake) -> str:
    """Make a folder and return its version, where the lake has to know folders by it."""
    needs(lake.abilities.atomic_directory_rename, "the abilities say that a folder does not move in one step")
    with lake.lease("state/lease", "the kit") as hold:
        lapses = isinstance(hold, Lapses)
    lake.delete_directory("state")
    needs(lapses, "a lease lasts here as long as its holder lives")
    lake.put("table/old", b"old")
    entry = lake.stat("table")
    assert entry is not None, "broken promise: `stat` knows a folder that was made by putting a file into it"
    assert entry.version, f"broken promise: where leases can be lost, folders have versions. This is {entry}"
    return entry.version
