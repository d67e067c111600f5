"""One connection of the pool while a table is read: its isolation, its statement at work, its end."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from hygge_core import HomeError
from hygge_home_mssql.reading.rights import say_grant


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

    from hygge_core.sql import Statement
    from hygge_home_mssql.connection import MssqlConnection
    from hygge_home_mssql.engines import Shape
    from hygge_home_mssql.home_config import IsolationName
    from hygge_home_mssql.pool import Engine


_LEVELS: dict[IsolationName, str] = {
    "snapshot": "SET TRANSACTION ISOLATION LEVEL SNAPSHOT",
    "read_uncommitted": "SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
}


class _UnreadError(Exception):
    """A statement was left before its end; its connection is closed rather than drained."""


class Session:
    """Holds one connection from when it is made until it is closed; ``where`` names in errors what is read.

    Used by one thread at a time, but for `cancel`.
    """

    def __init__(self, connection: MssqlConnection, where: str, engine: Engine = "pyodbc") -> None:
        self.connection = connection
        self.engine = engine
        self.where = where
        self._held = ExitStack()
        self._cancel: Callable[[], None] | None = None
        self._closed = False
        self._borrow()

    def change(self, engine: Engine) -> None:
        """Go on with a connection of another engine. The first is given back before, so that no two are held."""
        if engine != self.engine:
            self._held.close()
            self.engine = engine
            self._borrow()

    def begin(self, isolation: IsolationName) -> None:
        """Read from now on as ``isolation`` says. The pool takes it back when the session ends."""
        level = _LEVELS.get(isolation)
        if level is None:
            return
        with self.told(), closing(self.raw.cursor()) as cursor:
            cursor.execute(level)
            self.raw.autocommit = isolation != "snapshot"

    def hold(self, lock: Statement) -> None:
        """Run a statement whose locks are kept until the session is closed."""
        with self.told():
            self.raw.autocommit = False
        self.value(lock)

    def rows(self, statement: Statement) -> Sequence[Sequence[Any]]:
        """Return all rows of a small result."""
        with self.run(statement) as cursor:
            return [tuple(row) for row in cursor.fetchall()]

    def records(self, statement: Statement) -> Sequence[dict[str, Any]]:
        """Return all rows of a small result, each value under the name of its column."""
        with self.run(statement) as cursor:
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def value(self, statement: Statement) -> Any:
        """Return the first column of the first row, None for no row."""
        found = self.rows(statement)
        return found[0][0] if found else None

    @contextmanager
    def run(self, statement: Statement) -> Iterator[Any]:
        """Start a statement and give its cursor, closed in the end. What the driver raises inside is told."""
        with self.told(), closing(self.raw.cursor()) as cursor:
            self._cancel = getattr(cursor, "cancel", None)
            try:
                cursor.execute(statement.text, *statement.parameters)
                yield cursor
            finally:
                self._cancel = None

    def batches(self, statement: Statement, shape: Shape, size: int) -> Iterator[pl.DataFrame]:
        """Yield the rows of a statement in frames of about ``size`` bytes."""
        from hygge_home_mssql.engines import open_rows

        with self.told():
            rows = open_rows(self.engine, self.raw, statement, shape)
            self._cancel = rows.cancel
            try:
                yield from rows.batches(size)
            finally:
                self._cancel = None
                rows.close()

    def _borrow(self) -> None:
        with self.connection.told(self.where):
            self.raw = self._held.enter_context(self.connection.pool.borrow(self.engine))

    @contextmanager
    def told(self) -> Iterator[None]:
        """Turn errors of the driver into ones that say where, what and what to do."""
        try:
            with self.connection.told(self.where):
                yield
        except HomeError as error:
            say_grant(error, self.connection.settings.user)
            raise

    def cancel(self) -> None:
        """Make the statement that is at work end with an error. Safe from any thread and at any time."""
        cancel = self._cancel
        if cancel is not None:
            with suppress(Exception):  # it may just have ended, which is what was wanted
                cancel()

    def close(self, *, unread: bool = False) -> None:
        """Give the connection back; after an ``unread`` rest of a result it is closed instead. Safe to call twice."""
        if self._closed:
            return
        self._closed = True
        if not unread:
            self._held.close()
            return
        with suppress(_UnreadError), self._held:
            raise _UnreadError
