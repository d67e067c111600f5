"""The fast engine: Arrow batches that mssql-python makes of the server's rows in native code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from hygge_core import HomeError
from hygge_home_mssql.engines.cursor import PATIENCE, Cancellable
from hygge_home_mssql.engines.gathering import gathered


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.sql import Statement
    from hygge_home_mssql.engines.shape import Shape


_MOST = 8192
"""Rows of one step: more take more memory and are not faster."""

_FIRST = 16
"""Rows of the first step, when nobody knows yet how large they are."""

_GROWTH = 4
_REPLACEMENT = "\ufffd"
_SHARE = 8
"""What a step takes is there several times while it becomes a frame, so it takes this part of a batch."""


class ArrowRows:
    """The rows of one statement on a raw connection of mssql-python.

    `cancel` may be called from any thread, the rest from one at a time.
    """

    def __init__(self, connection: Any, statement: Statement, shape: Shape, *, patience: float = PATIENCE) -> None:
        self._statement = statement
        self._shape = shape
        self._cursor = Cancellable(connection.cursor(), _cancel, patience)

    def batches(self, size: int) -> Iterator[pl.DataFrame]:
        """Run the statement and yield its rows in frames of about ``size`` bytes. Raises the driver's errors."""
        self._cursor.execute(self._statement)
        yield from gathered(map(self._shape.finish, self._steps(max(1, size // _SHARE))), size)

    def cancel(self) -> None:
        """Have the server give up what it works on; whoever waits for it gets an error."""
        self._cursor.cancel()

    def close(self) -> None:
        """Let go of the statement, without taking the rows that are left. Safe to call twice."""
        self._cursor.close()

    def _steps(self, size: int) -> Iterator[pl.DataFrame]:
        """Take as many rows at a time as fit the size, judged by those before, so that memory is bounded by bytes."""
        rows = _FIRST
        while (batch := self._taken(rows)).num_rows:
            frame = self._arrived(batch)
            yield frame
            likely = size * frame.height // max(1, int(frame.estimated_size()))
            rows = max(1, min(_MOST, likely, rows * _GROWTH))
        self._cursor.ended()

    def _taken(self, rows: int) -> Any:
        with self._cursor.waiting() as raw:
            return raw.arrow_batch(rows)

    def _arrived(self, batch: Any) -> pl.DataFrame:
        frame = pl.from_arrow(batch)
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a batch has columns, for the type checker
        self._demand_unicode(frame)
        return frame.cast(self._shape.arriving)

    def _demand_unicode(self, frame: pl.DataFrame) -> None:
        """Stop at what the driver may have put in place of half of a character, without a word."""
        for name in self._shape.unicode:
            if frame[name].str.contains(_REPLACEMENT, literal=True).any():
                raise HomeError(
                    f"column {name!r} holds a U+FFFD, which mssql-python also puts for what is no Unicode",
                    fix='set engine = "pyodbc" for this table, which tells them apart',
                )


def _cancel(cursor: Any) -> None:
    cursor.hstmt._cancel()  # noqa: SLF001 - its cursors have no cancel of their own, only its readers, which come too late
