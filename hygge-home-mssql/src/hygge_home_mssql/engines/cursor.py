"""A cursor that one thread reads and any other may cancel."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from hygge_core import HomeError, HomeUnavailable


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
        with self.waiting() as raw:
            raw.execute(statement.text, *statement.parameters)

    def fetchmany(self, size: int, /) -> list[Any]:
        """Take the next rows, none at the end."""
        with self.waiting() as raw:
            rows: list[Any] = raw.fetchmany(size)
        return rows

    @contextmanager
    def waiting(self) -> Iterator[Any]:
        """Give the raw cursor to a call that may wait for the server. Raises `HomeError` if somebody cancelled it.

        A driver need not hear of a cancelling that came when it was not waiting; and one that
        came between two of its own steps may end in any error, such as "function sequence error" (HY010) of ODBC.
        """
        self._check(None)
        try:
            yield self.raw
        except Exception as error:
            self._check(error)
            raise

    def _check(self, cause: Exception | None) -> None:
        if self._canceller is not None:
            self._settled.set()
            raise HomeError("was cancelled", fix="run again when ready") from cause

    def ended(self) -> None:
        """Make sure that the rows ended because there were no more. Raises the driver's errors, and `HomeUnavailable`.

        A driver may take a connection that broke for the end of the rows, and says so only among its
        messages (mssql-python 1.16 does), or when it is asked again.
        """
        with self._mutex:
            self._done = self._canceller is None
        with self.waiting() as raw:
            for state, text in getattr(raw, "messages", None) or ():
                if not state.startswith(_HARMLESS):
                    raise HomeUnavailable(f"the rows broke off: {text}", fix="try again in a moment")
            raw.nextset()
            raw.execute(_ANYTHING)

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
