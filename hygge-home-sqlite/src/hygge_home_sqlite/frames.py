"""The rows of an opened source as frames."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from hygge_core import HomeError
from hygge_core.schema import text_of
from hygge_core.sql import chunks, select
from hygge_home_sqlite.config import SQLITE
from hygge_home_sqlite.misfits import misfit, undecodable
from hygge_home_sqlite.values import Misfit, read, stored


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.sql import Row, Statement
    from hygge_home_sqlite.columns import Column
    from hygge_home_sqlite.snapshot import Snapshot
    from hygge_home_sqlite.source import Source


Piece = list[pl.Series]
"""Some rows as they are stored: a series for each column."""


@frozen(kw_only=True)
class Frames:
    """Some columns of a source, ready to be read; ``where`` keeps to some rows."""

    snapshot: Snapshot
    source: Source
    columns: Sequence[Column]
    where: Statement | None = None

    @property
    def schema(self) -> pl.Schema:
        """The columns of every frame."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    def batches(self, size: int) -> Iterator[pl.DataFrame]:
        """Yield the rows in frames of about so many bytes. Raises `HomeError` that names row and value of a misfit."""
        waiting: list[Piece] = []
        weight = 0
        for rows in self._rows(max(1, size // 4)):
            piece = self._piece(rows)
            waiting.append(piece)
            weight += sum(int(series.estimated_size()) for series in piece)
            if weight >= size:
                yield self._frame(waiting)
                waiting, weight = [], 0
        if waiting:
            yield self._frame(waiting)

    def _rows(self, limit: int) -> Iterator[list[Row]]:
        long = [at for at, column in enumerate(self.columns) if column.dtype in (pl.String, pl.Binary)]
        statement = select(SQLITE, (column.sql for column in self.columns), self.source.text, self.where)
        with self.snapshot.told():
            try:
                yield from chunks(self.snapshot.run(statement), len(self.columns), long, limit)
            except sqlite3.OperationalError as error:
                if not hasattr(error, "sqlite_errorcode"):  # not from SQLite: Python could not decode what it gave
                    raise self._undecodable() from error
                raise

    def _piece(self, rows: list[Row]) -> Piece:
        return [
            self._stored(column, values) for column, values in zip(self.columns, zip(*rows, strict=True), strict=True)
        ]

    def _stored(self, column: Column, values: Sequence[Any]) -> pl.Series:
        try:
            return stored(values, column.dtype, any_as_text=column.any_as_text).alias(column.name)
        except Misfit as error:
            raise self._refusal(column) from error

    def _frame(self, pieces: Sequence[Piece]) -> pl.DataFrame:
        groups = zip(*pieces, strict=True)
        return pl.DataFrame([self._whole(column, group) for column, group in zip(self.columns, groups, strict=True)])

    def _whole(self, column: Column, group: Sequence[pl.Series]) -> pl.Series:
        """Join the series of one column, which may be stored in several forms."""
        alike = len({str(series.dtype) for series in group}) == 1
        try:
            if alike:
                return read(pl.concat(group, rechunk=True), column.dtype)
            return pl.concat([read(series, column.dtype) for series in group], rechunk=True)
        except Misfit as error:
            raise self._refusal(column) from error

    def _refusal(self, column: Column) -> HomeError:
        place = misfit(self.snapshot, self.source, column, self.where)
        return HomeError(
            f"column {column.name!r}: {place}, which does not fit {text_of(column.dtype)}",
            where=self.snapshot.where,
            fix=f'mend the value, or read the whole column as text: columns = {{ "{column.name}" = "text" }}',
        )

    def _undecodable(self) -> HomeError:
        self.snapshot.decode_anything()
        found = ((each.name, undecodable(self.snapshot, self.source, each, self.where)) for each in self.columns)
        name, place = next((name, place) for name, place in found if place)
        return HomeError(
            f"column {name!r}: {place.row} holds a text that is not UTF-8",
            where=self.snapshot.where,
            fix="mend it, or read the column's bytes by a query: CAST(column AS BLOB)",
        )
