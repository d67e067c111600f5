"""The table of a store as its readers see it, for as many queries as there are to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from hygge_core.errors import HyggeError, StoreError, UsageError
from hygge_core.store import ReadsRows


if TYPE_CHECKING:
    from hygge_core.commit import Table
    from hygge_core.store import Store


@frozen(kw_only=True)
class Target:
    """One table of a store; ``where`` names the entity in errors."""

    store: Store
    table: Table
    where: str

    def frame(self) -> pl.LazyFrame:
        """Return the visible rows, lazily. Raises `UsageError` for a store that cannot show them."""
        if not isinstance(self.store, ReadsRows):
            what = "this store cannot show its rows, so only their number can be compared"
            raise UsageError(
                what, where=self.where, fix="verify without --keys, or ask the store's author for ReadsRows"
            )
        try:
            rows = self.store.rows(self.table)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise self._unreadable(error) from error
        if rows is None:
            raise StoreError("is not there any more", where=self._place, fix="load it anew with --full-drop")
        return rows

    def collect(self, query: pl.LazyFrame) -> pl.DataFrame:
        """Stream a query of `frame`. Raises `StoreError` for a table that cannot be read."""
        try:
            return query.collect(engine="streaming")
        except HyggeError:
            raise
        except (Exception, pl.exceptions.PanicException) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: BaseException) -> StoreError:
        what = f"cannot be read: {type(error).__name__}: {error}"
        return StoreError(what, where=self._place, fix="load it anew with --full-drop")

    @property
    def _place(self) -> str:
        return f"{self.where} ({self.store.locate(self.table)})"
