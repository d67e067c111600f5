"""The rows of an opened source as frames, and the place of a value that does not fit."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen

from hygge_core import HomeError
from hygge_core.schema import text_of as dtype_text
from hygge_core.sql import select
from hygge_home_sqlite.config import SQLITE
from hygge_home_sqlite.fetching import chunks
from hygge_home_sqlite.values import Misfit, read, stored, text_of


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hygge_core.sql import Statement
    from hygge_home_sqlite.columns import Column
    from hygge_home_sqlite.fetching import Row
    from hygge_home_sqlite.snapshot import Snapshot
    from hygge_home_sqlite.source import Source


_SHOWN = 60
_LOOKED_AT = 1 << 20


@frozen(kw_only=True)
class Place:
    """Where a value stands: in the row with an id, or in the n-th row that was read."""

    row: str
    value: Any

    def __str__(self) -> str:
        shown = text_of(self.value) or ""
        shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
        return f"{self.row} holds {shown!r}" if isinstance(self.value, str) else f"{self.row} holds {shown}"


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
        waiting: list[list[pl.Series]] = []
        weight = 0
        for rows in self._rows(max(1, size // 4)):
            waiting.append(
                [
                    self._stored(column, values)
                    for column, values in zip(self.columns, zip(*rows, strict=True), strict=True)
                ]
            )
            weight += sum(int(series.estimated_size()) for series in waiting[-1])
            if weight >= size:
                yield self._frame(waiting)
                waiting, weight = [], 0
        if waiting:
            yield self._frame(waiting)

    def misfit(self, column: Column) -> Place | None:
        """Find the first value that does not fit its column, None when all fit."""
        return self._first(column, lambda values: _fit(values, column))

    def _first(self, column: Column, good: Callable[[Sequence[Any]], bool]) -> Place | None:
        """Find the first value of a column that is not good."""
        row_id = self.source.row_id
        statement = select(SQLITE, [column.sql, row_id or "NULL"], self.source.text, self.where)
        before = 0
        with self.snapshot.told():
            for rows in chunks(self.snapshot.run(statement), 2, [0], _LOOKED_AT):
                if not good([value for value, _ in rows]):
                    at = next(at for at, (value, _) in enumerate(rows) if not good([value]))
                    value, number = rows[at]
                    return Place(row=f"{row_id} {number}" if row_id else f"row {before + at + 1:,}", value=value)
                before += len(rows)
        return None

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

    def _stored(self, column: Column, values: Sequence[Any]) -> pl.Series:
        try:
            return stored(values, column.dtype, any_as_text=column.any_as_text).alias(column.name)
        except Misfit as misfit:
            raise self._refusal(column) from misfit

    def _frame(self, pieces: Sequence[Sequence[pl.Series]]) -> pl.DataFrame:
        return pl.DataFrame(
            [self._whole(column, group) for column, group in zip(self.columns, zip(*pieces, strict=True), strict=True)]
        )

    def _whole(self, column: Column, pieces: Sequence[pl.Series]) -> pl.Series:
        """Join the pieces of a column, which may be stored in several forms."""
        try:
            if len({str(piece.dtype) for piece in pieces}) == 1:
                return read(pl.concat(pieces, rechunk=True), column.dtype)
            return pl.concat([read(piece, column.dtype) for piece in pieces], rechunk=True)
        except Misfit as misfit:
            raise self._refusal(column) from misfit

    def _refusal(self, column: Column) -> HomeError:
        return HomeError(
            f"column {column.name!r}: {self.misfit(column)}, which does not fit {dtype_text(column.dtype)}",
            where=self.snapshot.where,
            fix=f'mend the value, or read the whole column as text: columns = {{ "{column.name}" = "text" }}',
        )

    def _undecodable(self) -> HomeError:
        """Find the text that is not UTF-8, among texts that are let through as they are."""
        self.snapshot.decode_anything()
        found = ((column.name, self._first(column, _decoded)) for column in self.columns)
        name, place = next((name, place) for name, place in found if place)
        return HomeError(
            f"column {name!r}: {place.row} holds a text that is not UTF-8",
            where=self.snapshot.where,
            fix="mend it, or read the column's bytes by a query: CAST(column AS BLOB)",
        )


def _fit(values: Sequence[Any], column: Column) -> bool:
    try:
        read(stored(values, column.dtype, any_as_text=column.any_as_text), column.dtype)
    except Misfit:
        return False
    return True


def _decoded(values: Sequence[Any]) -> bool:
    try:
        "".join(value for value in values if isinstance(value, str)).encode()
    except UnicodeEncodeError:
        return False
    return True
