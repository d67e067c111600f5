"""Dying at one operation of the lake, without the cost of a process: nothing the process wanted to do happens after."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeVar

from hygge_core.testing.plan import counts
from hygge_core.testing.proxy import proxied


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.testing.proxy import Operation

T = TypeVar("T")


class Death(BaseException):
    """The process is no more."""


class Reaper:
    """Ends the process before or after the change of the lake that is counted ``index``.

    From then on no operation of the lake is done, on any thread.  What a context holds is
    let go of, as the system lets go of a dead process's locks.
    """

    def __init__(self, index: int, *, after: bool) -> None:
        self._index = index
        self._after = after
        self._count = 0
        self._lock = threading.Lock()
        self.came = False

    def shim(self, target: T) -> T:
        return proxied(target, self._around)

    def _around(self, operation: Operation, do: Callable[[], Any]) -> Any:
        strikes = self._strikes(operation)
        if self.came or (strikes and not self._after):
            self.came = True
            raise Death
        result = do()
        self.came = self.came or strikes  # the next operation notices; whoever holds the result may let go of it
        return result

    def _strikes(self, operation: Operation) -> bool:
        with self._lock:
            if not counts(operation.verb, thorough=False):
                return False
            self._count += 1
            return self._count == self._index + 1
