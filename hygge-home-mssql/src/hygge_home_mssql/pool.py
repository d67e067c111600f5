"""Connections that many tables share: a few at a time, alive when they are lent, none left behind."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from hygge_core import HomeError


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


Engine = Literal["pyodbc", "arrow"]
"""Which driver a raw connection belongs to: pyodbc, or mssql-python, which reads Arrow."""

_CLEAN = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"


@frozen(kw_only=True)
class PoolCounts:
    """Connections that are lent and idle now, and those opened, replaced after they died, and waited for so far."""

    lent: int
    idle: int
    opened: int
    replaced: int
    waited: int


class Pool:
    """At most ``size`` connections of all engines together, opened by ``open`` when they are needed.

    ``waiting`` is told once for each borrower that finds none free.  A table run should
    borrow one connection at a time, or several small ones one after the other: who holds one
    and waits for another may wait for ever.  Only who holds ``several``, and held no connection
    before, may take up to ``size`` of them.
    """

    def __init__(self, open: Callable[[Engine], Any], size: int, waiting: Callable[[], None] = lambda: None) -> None:  # noqa: A002 - the word for it
        self._open = open
        self.size = size
        self.several = threading.Lock()
        self._tell = waiting
        self._idle: list[tuple[Engine, Any]] = []
        self._lent = self._opened = self._replaced = self._waited = 0
        self._changed = threading.Condition()
        self._closed = False

    @property
    def counts(self) -> PoolCounts:
        """Look at the pool now."""
        with self._changed:
            return PoolCounts(
                lent=self._lent,
                idle=len(self._idle),
                opened=self._opened,
                replaced=self._replaced,
                waited=self._waited,
            )

    @contextmanager
    def borrow(self, engine: Engine = "pyodbc") -> Iterator[Any]:
        """Lend a raw DB-API connection in autocommit mode, alive and clean, for as long as the context lasts.

        It is used again if the context ends well, and closed if it ends with an error: nobody knows
        what such a connection is still in the middle of.  Raises what opening one raises, and
        `HomeError` when the pool was closed.
        """
        connection = self._taken(engine)
        try:
            yield connection
        except BaseException:
            self._give_back(engine, connection, sound=False)
            raise
        self._give_back(engine, connection, sound=_settled(connection))

    def close(self) -> None:
        """Close what is idle, now, and what is lent, when it comes back. Safe to call twice."""
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            self._changed.notify_all()
        for _, connection in idle:
            _close(connection)

    def _taken(self, engine: Engine) -> Any:
        """Take a place in the pool, then fill it: with an idle connection that is alive, or a new one."""
        spare = self._place(engine)
        try:
            while spare is not None:
                if _alive(spare):
                    return spare
                _close(spare)
                spare = self._another(engine)
            connection = self._open(engine)
        except BaseException:
            self._leave()
            raise
        with self._changed:
            self._opened += 1
        return connection

    def _place(self, engine: Engine) -> Any:
        """Wait until fewer than ``size`` are lent; return an idle connection of the engine, None if there is none."""
        with self._changed:
            if self._lent >= self.size and not self._closed:
                self._waited += 1
                self._tell()
                self._changed.wait_for(lambda: self._lent < self.size or self._closed)
            if self._closed:
                raise HomeError("the connection was closed", fix="run again")
            self._lent += 1
            spare = self._pop(engine)
            foreign = self._pop(None) if spare is None and self._lent + len(self._idle) > self.size else None
        if foreign is not None:
            _close(foreign)
        return spare

    def _another(self, engine: Engine) -> Any:
        with self._changed:
            self._replaced += 1
            return self._pop(engine)

    def _pop(self, engine: Engine | None) -> Any:
        """Take the idle connection that was used last, of one engine or of any."""
        for place in reversed(range(len(self._idle))):
            if engine in (None, self._idle[place][0]):
                return self._idle.pop(place)[1]
        return None

    def _give_back(self, engine: Engine, connection: Any, *, sound: bool) -> None:
        with self._changed:
            keep = sound and not self._closed
            if keep:
                self._idle.append((engine, connection))
        if not keep:
            _close(connection)
        self._leave()

    def _leave(self) -> None:
        with self._changed:
            self._lent -= 1
            self._changed.notify()


def _alive(connection: Any) -> bool:
    """Ask the server something that costs nothing, and puts back what an earlier borrower may have set."""
    try:
        cursor = connection.cursor()
        try:
            cursor.execute(_CLEAN)
        finally:
            cursor.close()
    except Exception:  # noqa: BLE001 - whatever it is, this connection is not lent again
        return False
    return True


def _settled(connection: Any) -> bool:
    """End what a borrower began."""
    try:
        connection.rollback()
        connection.autocommit = True
    except Exception:  # noqa: BLE001 - whatever it is, this connection is not lent again
        return False
    return True


def _close(connection: Any) -> None:
    with suppress(Exception):  # a dead connection says so once more
        connection.close()
