"""Rows that the source marks as deleted instead of deleting them: taken out as they pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import polars as pl
from attrs import define, field

from hygge_core.errors import UsageError
from hygge_core.polish.column import column


if TYPE_CHECKING:
    from collections.abc import Mapping


F = TypeVar("F", pl.DataFrame, pl.LazyFrame)


@define(kw_only=True)
class Marked:
    """Takes the marked rows of one reading out, before the polish, and keeps their keys.

    ``mark`` is true for a deleted row.  ``key`` maps columns of the home to their names in
    the store; it is empty where keys are not needed, because the table is replaced.
    """

    mark: pl.Expr
    key: Mapping[str, str]
    _counts: list[int] = field(factory=list, repr=False)
    _keys: list[pl.DataFrame] = field(factory=list, repr=False)

    @property
    def rows(self) -> int:
        """How many rows were taken out so far."""
        return sum(self._counts)

    def living(self, frame: F) -> F:
        """Return the rows that are not marked; of a lazy frame as they stream by, so it may be collected once."""
        if isinstance(frame, pl.LazyFrame):
            return frame.map_batches(self._divided, streamable=True)
        return self._divided(frame)

    def keys(self) -> pl.DataFrame | None:
        """Return the keys of the marked rows under their names in the store, None when there were none."""
        return pl.concat(self._keys) if self._keys else None

    def _divided(self, batch: pl.DataFrame) -> pl.DataFrame:
        gone = batch.filter(self.mark)
        if gone.height:
            self._counts.append(gone.height)  # lists grow safely, for Polars may call from several threads
            if self.key:
                self._keys.append(gone.select(column(name).alias(target) for name, target in self.key.items()))
        return batch.filter(~self.mark)


def marked_by(name: str, source: pl.Schema, *, key: Mapping[str, str], where: str) -> Marked:
    """Read the column as a mark: true, or any number but 0, is deleted; null is not.

    Raises `UsageError` for a column that is not there or holds neither booleans nor numbers.
    """
    dtype = source.get(name)
    if dtype is None:
        raise UsageError(
            f"the home has no column {name!r}",
            where=f"{where}: deletes.soft",
            fix=f"its columns are {', '.join(source)}",
        )
    if not (dtype == pl.Boolean or dtype.is_numeric()):
        raise UsageError(
            f"column {name!r} is of dtype {dtype}, and what its values say of a row would have to be guessed",
            where=f"{where}: deletes.soft",
            fix="name a column of booleans or numbers; a query or a view can make one",
        )
    mark = column(name) if dtype == pl.Boolean else column(name) != 0
    return Marked(mark=mark.fill_null(value=False), key=key)
