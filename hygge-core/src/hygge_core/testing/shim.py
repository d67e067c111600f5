"""Counting the operations of a publish, and stopping it at one of them."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hygge_core.testing.plan import counts
from hygge_core.testing.process import die
from hygge_core.testing.proxy import proxied


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from hygge_core.testing.plan import Level, Point
    from hygge_core.testing.proxy import Operation

T = TypeVar("T")


class Shim(Protocol):
    """Returns an object that behaves as the one it is given."""

    def __call__(self, target: T, /) -> T:
        """Stand before the target."""
        ...


_CHANGES = frozenset({"open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate"})


@contextmanager
def recording(place: str, level: Level, *, thorough: bool) -> Iterator[tuple[Shim, list[str]]]:
    """Note every operation while the context lasts."""
    operations: list[str] = []

    def around(operation: Operation, do: Callable[[], Any]) -> Any:
        if counts(operation.verb, thorough=thorough):
            operations.append(str(operation))
        return do()

    with _counting(place, level, around, operations.append) as shim:
        yield shim, operations


@contextmanager
def striking(line: Connection, place: str, point: Point) -> Iterator[Shim]:
    """Stop the operation of the point in its way, and let all others pass.

    The end of the process tells the rest; a second writer is asked for over the line, and
    waited for.
    """
    striker = _Striker(point, line)
    with _counting(place, point.level, striker.around, striker.seen) as shim:
        yield shim


class _Striker:
    def __init__(self, point: Point, line: Connection) -> None:
        self._point = point
        self._line = line
        self._count = 0
        self._struck = ""
        self._lock = threading.Lock()

    def around(self, operation: Operation, do: Callable[[], Any]) -> Any:
        if not (counts(operation.verb, thorough=self._point.thorough) and self._strikes(str(operation))):
            return do()
        match self._point.kind:
            case "killed before":
                die()
            case "failed" | "failing" | "outage":
                raise OSError(f"the crash matrix had {operation} fail")
            case "second writer":
                self._line.send("second writer")
                self._line.recv()
        result = do()
        match self._point.kind:
            case "killed after":
                die()
            case "answer lost":
                raise OSError(f"the crash matrix lost the answer to {operation}")
        return result

    def seen(self, change: str) -> None:
        if self._strikes(change):
            die()

    def _strikes(self, operation: str) -> bool:
        with self._lock:
            passed = self._count - self._point.index
            self._count += 1
            if passed == 0:
                self._struck = operation
            again = self._point.kind == "outage" or (self._point.kind == "failing" and operation == self._struck)
            return passed == 0 or (passed > 0 and again)


@contextmanager
def _counting(
    place: str, level: Level, around: Callable[[Operation, Callable[[], Any]], Any], seen: Callable[[str], None]
) -> Iterator[Shim]:
    if level == "calls":
        yield lambda target: proxied(target, around)
        return
    with _watched(place, seen):
        yield lambda target: target


@contextmanager
def _watched(place: str, seen: Callable[[str], None]) -> Iterator[None]:
    """Hear of each change before Python asks the system for it. Audit hooks stay, so this one falls silent."""
    listening = True

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if listening and event in _CHANGES and (event != "open" or str(arguments[0]).startswith(place)):
            seen(f"{event} {str(arguments[0]).removeprefix(place)}")

    sys.addaudithook(hook)
    try:
        yield
    finally:
        listening = False
