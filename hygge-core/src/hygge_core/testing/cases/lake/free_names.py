"""A name is taken once: of many that want it, one gets it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

import pytest

from hygge_core.testing.judge import needs
from hygge_core.testing.lake_looks import all_at_once, contains, only_winner, paths


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.testing.lake_looks import OpenLake, ReadFile


_MANY = 8


class FreeNameCases:
    """What several runs fight for, they fight for by a name."""

    promise: ClassVar[str] = "of many that want the same free name, exactly one gets it"

    def test_a_taken_name_is_not_put_again(self, lake: Lake, read: ReadFile) -> None:
        lake.put("claim", b"first", if_absent=True)
        with pytest.raises(FileExistsError):
            lake.put("claim", b"second", if_absent=True)
        contains(read, "claim", b"first", "what is put only if its name is free leaves the file that has it")

    def test_one_of_many_puts_a_free_name(self, lake: Lake, open_lake: OpenLake, read: ReadFile) -> None:
        needs(lake.abilities.put_if_absent, "the abilities say that two writers may both put a free name")
        lakes = [lake, open_lake()]
        results = all_at_once(
            [partial(lakes[number % 2].put, "claim", _text(number), if_absent=True) for number in range(_MANY)]
        )
        winner = only_winner(results, "of many that put a free name, one does")
        contains(read, "claim", _text(winner), "a name that was put holds what its only winner put")

    def test_one_of_many_creates_a_free_name(self, lake: Lake, open_lake: OpenLake, read: ReadFile) -> None:
        lakes = [lake, open_lake()]
        results = all_at_once([partial(_create, lakes[number % 2], "part", _text(number)) for number in range(_MANY)])
        winner = only_winner(results, "of many that create a name, one does")
        contains(read, "part", _text(winner), "a created file holds what its only winner wrote")

    def test_one_of_many_files_moves_to_a_free_name(self, lake: Lake, open_lake: OpenLake, read: ReadFile) -> None:
        for number in range(_MANY):
            lake.put(f"from/{number}", _text(number))
        lakes = [lake, open_lake()]
        results = all_at_once([partial(lakes[number % 2].rename, f"from/{number}", "to") for number in range(_MANY)])
        winner = only_winner(results, "of many files that are renamed to a free name, one is")
        contains(read, "to", _text(winner), "a renamed file keeps its content")
        left = [f"from/{number}" for number in range(_MANY) if number != winner]
        assert paths(lake, "from") == left, f"broken promise: the others stay. There is {paths(lake, 'from')}"

    def test_one_of_many_folders_moves_to_a_free_name(self, lake: Lake, open_lake: OpenLake) -> None:
        needs(lake.abilities.atomic_directory_rename, "the abilities say that a folder does not move in one step")
        for number in range(_MANY):
            lake.put(f"from/{number}/file", _text(number))
        lakes = [lake, open_lake()]
        results = all_at_once(
            [partial(lakes[number % 2].rename_directory, f"from/{number}", "to") for number in range(_MANY)]
        )
        winner = only_winner(results, "of many folders that are renamed to a free name, one is")
        assert paths(lake, "to") == ["to/file"], f"broken promise: folders never mix. There is {paths(lake)}"
        assert lake.read("to/file") == _text(winner), "broken promise: a folder moves with what is in it"


def _text(number: int) -> bytes:
    return f"writer {number}".encode() * 100


def _create(lake: Lake, path: str, data: bytes) -> None:
    with lake.create(path) as file:
        file.write(data)
