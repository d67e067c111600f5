"""The engine that works with every ODBC driver: rows from pyodbc, turned into typed columns a few at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from hygge_core.sql import chunks
from hygge_home_mssql.engines.cursor import PATIENCE, Cancellable
from hygge_home_mssql.engines.gathering import gathered
from hygge_home_mssql.types.finishing import not_unicode


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.sql import Row, Statement
    from hygge_home_mssql.engines.shape import Shape


_SHARE = 4
"""Rows as Python values and the frames made of them are there at once: each step may take this part of a batch."""


class PyodbcRows:
    """The rows of one statement on a raw connection of pyodbc.

    `cancel` may be called from any thread, the rest from one at a time.
    """

    def __init__(self, connection: Any, statement: Statement, shape: Shape, *, patience: float = PATIENCE) -> None:
        self._statement = statement
        self._shape = shape
        self._cursor = Cancellable(connection.cursor(), lambda cursor: cursor.cancel(), patience)

    def batches(self, size: int) -> Iterator[pl.DataFrame]:
        """Run the statement and yield its rows in frames of about ``size`` bytes. Raises the driver's errors."""
        self._cursor.execute(self._statement)
        limit = max(1, size // _SHARE)
        yield from gathered(map(self._frame, self._chunks(limit)), size)

    def cancel(self) -> None:
        """Have the server give up what it works on; whoever waits for it gets an error."""
        self._cursor.cancel()

    def close(self) -> None:
        """Let go of the statement, without taking the rows that are left. Safe to call twice."""
        self._cursor.close()

    def _chunks(self, limit: int) -> Iterator[list[Row]]:
        try:
            yield from chunks(self._cursor, len(self._shape.columns), self._shape.long, limit)
        except UnicodeDecodeError as error:
            raise not_unicode(self._shape.unicode, str(error)) from error
        self._cursor.ended()

    def _frame(self, rows: list[Row]) -> pl.DataFrame:
        columns = zip(*rows, strict=True)
        arriving = self._shape.arriving.items()
        series = [
            pl.Series(name, values, dtype=dtype, strict=True)
            for (name, dtype), values in zip(arriving, columns, strict=True)
        ]
        return self._shape.finish(pl.DataFrame(series))
