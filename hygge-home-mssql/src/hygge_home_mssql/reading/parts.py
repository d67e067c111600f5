"""Reading one table in several parts at once, each over a connection of its own."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from hygge_home_mssql.reading.session import Session


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

    from hygge_core.sql import Statement
    from hygge_home_mssql.engines import Shape
    from hygge_home_mssql.home_config import IsolationName


class Part:
    """A `hygge_core.home.Reading` of some rows, over ``session``, else over one that is opened with the first row."""

    def __init__(
        self, statement: Statement, shape: Shape, size: int, *, session: Session | None, opening: Callable[[], Session]
    ) -> None:
        self._statement = statement
        self._shape = shape
        self._size = size
        self._session = session
        self._open = opening
        self._done = False

    @property
    def schema(self) -> pl.Schema:
        """The columns of every batch."""
        return self._shape.schema

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows; the connection goes back with the last."""
        self._session = session = self._session or self._open()
        yield from session.batches(self._statement, self._shape, self._size)
        self._done = True
        session.close()

    def cancel(self) -> None:
        """Make the statement that is at work end with an error."""
        if self._session is not None:
            self._session.cancel()

    def close(self) -> None:
        """Give the connection back, or close it in the middle of the rows. Safe to call twice."""
        if self._session is not None:
            self._session.close(unread=not self._done)


def later(like: Session, isolation: IsolationName) -> Callable[[], Session]:
    """Open a session when it is wanted: whoever waits for it holds no other, so that no two wait for each other."""

    def opened() -> Session:
        session = Session(like.connection, like.where, like.engine)
        session.begin(isolation)
        return session

    return opened


def at_once(like: Session, number: int, touch: Statement, lock: Statement | None) -> list[Session]:
    """Open sessions whose snapshots begin one right after the other, before any row is read.

    A snapshot begins with the first data that it sees, so each reads a row.  With ``lock`` another
    session holds the table against writers meanwhile: then all of them show one state of it.
    """
    connection = like.connection
    with connection.pool.several, ExitStack() as opened:
        sessions = []
        for _ in range(number):
            session = Session(connection, like.where, like.engine)
            opened.callback(session.close, unread=True)
            sessions.append(session)
        for session in sessions:
            session.begin("snapshot")
        _touch(sessions, touch, lock)
        opened.pop_all()
    return sessions


def _touch(sessions: Sequence[Session], touch: Statement, lock: Statement | None) -> None:
    if lock is None:
        for session in sessions:
            session.value(touch)
        return
    keeper = Session(sessions[0].connection, sessions[0].where, sessions[0].engine)
    try:
        keeper.hold(lock)
        for session in sessions:
            session.value(touch)
    finally:
        keeper.close(unread=True)
