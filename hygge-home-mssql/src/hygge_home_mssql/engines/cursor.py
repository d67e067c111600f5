"""A cursor that one thread reads and any other may cancel."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hygge_core import HomeError, HomeUnavailable


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.sql import Statement


_HARMLESS = ("[01", "[00")
"""SQL states of warnings and of success."""

_ANYTHING = "SELECT 1"

PATIENCE = 2.0
"""Seconds after which a reader that was told to stop, and did not come back to look, waits for the server."""


class Cancellable:
    """A raw cursor that is closed only when nobody is cancelling it, since drivers crash on a handle that went away.

    ``cancel`` is how the driver cancels what runs on a cursor.  It is called as late as possible: a
    driver that is busy taking rows may lock up with it, and comes back to look by itself.
    """

    def __init__(self, cursor: Any, cancel: Callable[[Any], None], patience: float = PATIENCE) -> None:
        self.raw = cursor
        self._cancel = cancel
        self._patience = patience
        self._mutex = threading.Lock()
        self._settled = threading.Event()
        self._canceller: threading.Thread | None = None
        self._closed = False
        self._done = False

    def execute(self, statement: Statement) -> None:
        """Run a statement."""
        self.check()
        self.raw.execute(statement.text, *statement.parameters)

    def fetchmany(self, size: int, /) -> list[Any]:
        """Take the next rows, none at the end."""
        self.check()
        rows: list[Any] = self.raw.fetchmany(size)
        return rows

    def check(self) -> None:
        """Raise `HomeError` if somebody cancelled while the driver was not waiting, when it does not hear of that."""
        if self._canceller is not None:
            self._settled.set()
            raise HomeError("was cancelled", fix="run again when ready")

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
        """Have the reader stop soon, or the server if the reader waits for it. Returns at once."""
        with self._mutex:
            if self._closed or self._done or self._canceller is not None:
                return
            self._canceller = threading.Thread(target=self._interrupt, name="hygge-cancel", daemon=True)
            self._canceller.start()

    def close(self) -> None:
        """Let go of the statement, without taking the rows that are left. Safe to call twice."""
        with self._mutex:
            if self._closed:
                return
            self._closed = True
        self._settled.set()
        if self._canceller is not None:
            self._canceller.join()
        if not self._done:
            self._cancel_now()
        with suppress(Exception):  # its connection may be gone
            self.raw.close()

    def _interrupt(self) -> None:
        if not self._settled.wait(self._patience):
            self._cancel_now()

    def _cancel_now(self) -> None:
        with suppress(Exception):  # the statement may have ended this moment
            self._cancel(self.raw)
