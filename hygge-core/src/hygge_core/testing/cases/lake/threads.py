"""Many threads work in a lake at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from hygge_core.testing.lake_looks import all_at_once, paths


if TYPE_CHECKING:
    from hygge_core.lake import Lake


_THREADS, _ROUNDS = 8, 3


class ThreadCases:
    """A flow writes many tables at once through one connection."""

    promise: ClassVar[str] = "many threads work in a lake at once"

    def test_many_threads_do_not_disturb_each_other(self, lake: Lake) -> None:
        wrong = [
            result for result in all_at_once([partial(_work, lake, number) for number in range(_THREADS)]) if result
        ]
        assert not wrong, f"broken promise: {ThreadCases.promise}. Some of {_THREADS} failed: {wrong}"
        right = sorted(f"shared/{number} {turn}" for number in range(_THREADS) for turn in range(_ROUNDS))
        found = paths(lake, "shared")
        assert found == right, f"broken promise: {ThreadCases.promise}. There is {found}, not {right}"
        assert paths(lake) == ["shared", *right], f"broken promise: {ThreadCases.promise}. There is {paths(lake)}"


def _work(lake: Lake, number: int) -> str:
    """Write, move, read and delete in a folder of one's own; return what went wrong."""
    for turn in range(_ROUNDS):
        data = f"thread {number}, turn {turn}".encode() * 1000
        lake.put(f"{number}/put", data)
        with lake.create(f"{number}/part") as file:
            for piece in range(0, len(data), 4096):
                file.write(data[piece : piece + 4096])
        lake.rename(f"{number}/part", f"shared/{number} {turn}")
        if lake.read(f"{number}/put") != data or lake.read(f"shared/{number} {turn}") != data:
            return f"thread {number} read what another wrote"
        if paths(lake, str(number)) != [f"{number}/put"]:
            return f"thread {number} finds {paths(lake, str(number))} in its folder"
        lake.delete_directory(str(number))
    return ""
