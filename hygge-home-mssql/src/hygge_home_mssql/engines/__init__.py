"""Engines: how the rows of a statement become frames. All give the same frames, in the catalogue's own types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from hygge_home_mssql.engines.cursor import PATIENCE
from hygge_home_mssql.engines.shape import Shape


if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from hygge_core.sql import Statement
    from hygge_home_mssql.pool import Engine


__all__ = ["EngineRows", "Shape", "open_rows"]


class EngineRows(Protocol):
    """The rows of one statement, on a connection that somebody else borrowed."""

    def batches(self, size: int) -> Iterator[pl.DataFrame]:
        """Run the statement and yield its rows in frames of about ``size`` bytes. Raises the driver's errors."""
        ...

    def cancel(self) -> None:
        """Have the server give up; whoever waits for rows gets an error. Safe from any thread and at any time."""
        ...

    def close(self) -> None:
        """Let go of the statement, without taking the rows that are left. Safe to call twice."""
        ...


def open_rows(
    engine: Engine, connection: Any, statement: Statement, shape: Shape, *, patience: float = PATIENCE
) -> EngineRows:
    """Prepare to run a statement that selects ``shape.select``, on a raw connection that was opened for the engine.

    A reader that is cancelled has ``patience`` seconds to notice by itself before the driver is told.
    """
    if engine == "arrow":
        from hygge_home_mssql.engines.arrow import ArrowRows

        return ArrowRows(connection, statement, shape, patience=patience)
    from hygge_home_mssql.engines.rows import PyodbcRows

    return PyodbcRows(connection, statement, shape, patience=patience)
