"""The looks by which the cases of a lake find out what broke: at its files, and from other threads meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.lake import Lake


Result = TypeVar("Result")
_SHOWN = 40
ReadFile = Callable[[str], "bytes | None"]
"""Reads a file without the lake under test, None when there is none."""
OpenLake = Callable[[], "Lake"]
"""Opens one more lake object on the same place."""


def contains(read: ReadFile, path: str, expected: bytes | None, promise: str) -> None:
    """Fail, naming the broken promise, unless readers get exactly these bytes; None is no file at all."""
    found = read(path)
    assert found == expected, (
        f"broken promise: {promise}. A reader of {path!r} gets {told(found)}, not {told(expected)}"
    )


def told(data: bytes | None) -> str:
    """Describe bytes in a few words."""
    if data is None:
        return "no file"
    return repr(data) if len(data) <= _SHOWN else f"{len(data)} bytes, {data[:16]!r}...{data[-16:]!r}"


def paths(lake: Lake, folder: str = "") -> list[str]:
    """List the paths of everything in a folder, its folders included."""
    return [entry.path for entry in lake.list(folder, recursive=True)]


def while_looking(look: Callable[[], None], change: Callable[[int], None], *, changes: int = 20) -> None:
    """Make changes, each told its number, while another thread looks again and again; raise what a look raises.

    At least one look ends between two changes.
    """
    looked, over = threading.Event(), threading.Event()

    def watch() -> None:
        while not over.is_set():
            look()
            looked.set()

    with ThreadPoolExecutor(1) as thread:
        watching = thread.submit(watch)
        try:
            for number in range(changes):
                looked.clear()
                while not (looked.wait(0.05) or watching.done()):
                    pass
                change(number)
        finally:
            over.set()
        watching.result()


def all_at_once(actions: Sequence[Callable[[], Result]]) -> list[Result | OSError]:
    """Do all actions at one moment, each in a thread; return what each returned, or the `OSError` that it raised."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], Result]) -> Result | OSError:
        barrier.wait()
        try:
            return action()
        except OSError as error:
            return error

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(run, actions))


def only_winner(results: Sequence[object], promise: str) -> int:
    """Return the place of the only result that is no error; fail unless all others are `FileExistsError`."""
    won = [place for place, result in enumerate(results) if not isinstance(result, OSError)]
    assert len(won) == 1, f"broken promise: {promise}. {len(won)} of {len(results)} succeeded: {results}"
    wrong = [result for result in results if isinstance(result, OSError) and not isinstance(result, FileExistsError)]
    assert not wrong, f"broken promise: {promise}, and the others get FileExistsError. They got {wrong}"
    return won[0]
