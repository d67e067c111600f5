"""The keys of a table as its store shows them, compared with those of its source."""

from __future__ import annotations

import polars as pl

from hygge_core.errors import StoreError
from hygge_core.polish.column import column


def gone_keys(table: pl.LazyFrame, source: pl.DataFrame, *, where: str) -> pl.DataFrame:
    """Return the keys of the table that the source, whose columns are the key, does not have.

    The table's keys stream by; those of the source are held, and beside them their hash
    table.  Raises `StoreError` when the table lacks the key, or a key in it is null.
    """
    keys = _stored(table, source.schema, where)
    gone = _collected(keys.join(source.lazy(), on=_each(source), how="anti", build_side="prefer_right"), where)
    nulls = gone.filter(pl.any_horizontal(pl.all().is_null())).height
    if nulls:
        raise StoreError(
            f"{nulls:,} rows have no value in their key, so nothing tells whether they are still in the source",
            where=where,
            fix="choose a key that always has a value, and write the table anew once with --full-drop",
        )
    return gone


def present_keys(table: pl.LazyFrame, keys: pl.DataFrame, *, where: str) -> pl.DataFrame:
    """Return those of the keys that the table has. Raises `StoreError` when it lacks their columns."""
    stored = _stored(table, keys.schema, where)
    return _collected(stored.join(keys.lazy(), on=_each(keys), how="semi", build_side="prefer_right"), where)


def without(keys: pl.DataFrame, rows: pl.LazyFrame) -> pl.DataFrame:
    """Leave out keys that some of the rows have."""
    return keys.lazy().join(rows.select(_each(keys)), on=_each(keys), how="anti").collect(engine="streaming")


def _stored(table: pl.LazyFrame, key: pl.Schema, where: str) -> pl.LazyFrame:
    missing = [name for name in key if name not in table.collect_schema()]
    if missing:
        raise StoreError(
            f"has no column {missing[0]!r}, which is in the key",
            where=where,
            fix="write the table anew once with --full-drop",
        )
    return table.select(column(name).cast(dtype) for name, dtype in key.items())


def _collected(keys: pl.LazyFrame, where: str) -> pl.DataFrame:
    try:
        return keys.collect(engine="streaming")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise StoreError(
            f"its keys could not be read: {error}", where=where, fix="nothing was changed; mend that and run again"
        ) from error


def _each(keys: pl.DataFrame) -> list[pl.Expr]:
    return [column(name) for name in keys.columns]
