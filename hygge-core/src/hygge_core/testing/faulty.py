"""Stores and homes that fail when they are told to, for testing what stands on them."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from hygge_core.testing.proxy import proxied


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.testing.proxy import Operation

T = TypeVar("T")

Fault = Literal["fail", "lose", "delay"]
"""``fail``: the call is not made; ``lose``: it is made and its answer lost; ``delay``: it is made later."""


def faulty(  # noqa: PLR0913 - a fault has this many sides, each with a name
    target: T,
    *,
    on: str,
    how: Fault = "fail",
    call: int = 1,
    error: BaseException | None = None,
    seconds: float = 0.05,
) -> T:
    """Return the store or home with one fault in it; everything else works as before.

    ``on`` is a verb of the store, its stages and writers (``stage``, ``write``, ``close``,
    ``seal``, ``commit``, ``abort``, ``recover``, ``lease:begin``) or of the home and its
    readings (``read``, ``batches:next``).  ``call`` counts from 1 over all threads; 0 means
    every call.  ``error`` is what ``fail`` and ``lose`` raise, an `OSError` by itself;
    ``seconds`` is how long ``delay`` waits.

    A writer that fails at its second batch:

    >>> from hygge_core.testing import MemoryStore, faulty
    >>> store = faulty(MemoryStore(), on="write", call=2)
    """
    raised = error if error is not None else OSError(f"the test had {on} {how}")
    fault = _Fault(on, call)

    def around(operation: Operation, do: Callable[[], Any]) -> Any:
        struck = fault.strikes(operation)
        if struck and how == "fail":
            raise raised
        if struck and how == "delay":
            time.sleep(seconds)
        result = do()
        if struck and how == "lose":
            raise raised
        return result

    return proxied(target, around, follow={"stage", "writer", "read"})


class _Fault:
    """Counts the calls of one verb and says which of them is struck."""

    def __init__(self, verb: str, call: int) -> None:
        self._verb = verb
        self._call = call
        self._seen = 0
        self._lock = threading.Lock()

    def strikes(self, operation: Operation) -> bool:
        if operation.verb != self._verb:
            return False
        with self._lock:
            self._seen += 1
            return self._call in {0, self._seen}
