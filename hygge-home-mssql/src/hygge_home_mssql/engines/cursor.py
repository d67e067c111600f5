"""A cursor that one thread reads and any other may cancel."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hygge_core import HomeUnavailable


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.sql import Statement


_HARMLESS = ("[01", "[00")
"""SQL states of warnings and of success."""

_ANYTHING = "SELECT 1"


class Cancellable:
    """A raw cursor whose closing waits for whoever is cancelling it, since drivers crash on a handle that went away.

    ``cancel`` is how the driver cancels what runs on a cursor.
    """

    def __init__(self, cursor: Any, cancel: Callable[[Any], None]) -> None:
        self.raw = cursor
        self._cancel = cancel
        self._mutex = threading.Lock()
        self._closed = False
        self._done = False

    def execute(self, statement: Statement) -> None:
        """Run a statement."""
        self.raw.execute(statement.text, *statement.parameters)

    def ended(self) -> None:
        """Make sure that the rows ended because there were no more. Raises the driver's errors, and `HomeUnavailable`.

        A driver may take a connection that broke for the end of the rows, and says so only among its
        messages (mssql-python 1.16 does), or when it is asked again.
        """
        self._done = True
        for state, text in getattr(self.raw, "messages", None) or ():
            if not state.startswith(_HARMLESS):
                raise HomeUnavailable(f"the rows broke off: {text}", fix="try again in a moment")
        self.raw.nextset()
        self.raw.execute(_ANYTHING)

    def cancel(self) -> None:
        """Have the server give up what it works on; whoever waits for it gets an error."""
        with self._mutex:
            if not self._closed:
                self._done = True
                self._cancel_now()

    def close(self) -> None:
        """Let go of the statement, without taking the rows that are left. Safe to call twice."""
        with self._mutex:
            if self._closed:
                return
            if not self._done:
                self._cancel_now()
            self._closed = True
            with suppress(Exception):  # its connection may be gone
                self.raw.close()

    def _cancel_now(self) -> None:
        with suppress(Exception):  # the statement may have ended this moment
            self._cancel(self.raw)
