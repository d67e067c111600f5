"""The keys of an upsert: which rows of a table must go, and refusing keys that name no single row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hygge_core.errors import StoreError
from hygge_core.polish.column import column


if TYPE_CHECKING:
    from collections.abc import Sequence


_SHOWN = 3
_BOUNDED = (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64, pl.Date, pl.String)
"""Dtypes whose lowest and highest value a footer knows exactly, and Python holds without loss."""


def leaving_keys(
    incoming: pl.LazyFrame, deleted: pl.LazyFrame | None, *, key: Sequence[str], where: str
) -> pl.DataFrame:
    """Collect the keys whose rows go: those that come anew and those that are deleted.

    Costs the memory of the keys and, while twins are looked for, about as much again as a hash
    table.  Raises `StoreError` when a key comes twice or is null.
    """
    missing = [name for name in key if name not in incoming.collect_schema()]
    if missing:
        fix = "name columns of the store in the key of the watermark"
        raise StoreError(f"the rows have no column {missing[0]!r}, which is in the key", where=where, fix=fix)
    keys = incoming.select(column(name) for name in key).collect(engine="streaming")
    _refuse_nulls(keys, where)
    _refuse_twins(keys, where)
    if deleted is None:
        return keys
    gone = deleted.select(column(name).cast(dtype) for name, dtype in keys.schema.items())
    return pl.concat([keys, gone.collect(engine="streaming")])


def within(keys: pl.DataFrame) -> pl.Expr:
    """Return a predicate that holds for every one of the keys, and lets readers leave out files by their footers."""
    bounded = [name for name, dtype in keys.schema.items() if isinstance(dtype, _BOUNDED) and keys.height]
    ranges = [column(name).is_between(*_bounds(keys[name])) for name in bounded]
    return pl.all_horizontal(ranges) if ranges else pl.lit(value=True)


def _bounds(keys: pl.Series) -> tuple[pl.Expr, pl.Expr]:
    return pl.lit(keys.min(), dtype=keys.dtype), pl.lit(keys.max(), dtype=keys.dtype)


def _refuse_nulls(keys: pl.DataFrame, where: str) -> None:
    nulls = keys.filter(pl.any_horizontal(pl.all().is_null()))
    if nulls.height:
        raise StoreError(
            f"{nulls.height:,} rows have no value in their key, such as {_told(nulls)}",
            where=where,
            fix="a key must have a value in every row; choose other columns for it",
        )


def _refuse_twins(keys: pl.DataFrame, where: str) -> None:
    twins = keys.filter(keys.is_duplicated()).unique(maintain_order=True)
    if twins.height:
        raise StoreError(
            f"{twins.height:,} keys come more than once, such as {_told(twins)}",
            where=where,
            fix='an upsert needs one row for each key; choose more columns for the key, or write = "append"',
        )


def _told(keys: pl.DataFrame) -> str:
    shown = keys.head(_SHOWN).rows(named=True)
    return " and ".join(", ".join(f"{name} = {value!r}" for name, value in row.items()) for row in shown)
