"""What one file does to the rows of a table: markers applied from top to bottom, as published.

Only where a key meets a row of its own in the same file does the order matter.  Of every key the last
row that is not an insert decides: what came before it under that key is gone, in the file and in the
table.  Inserts behind it are added, also when the key is there: that is how 0 makes duplicates.
No document says what an update makes of a key that lies in the table several times; here one row remains.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hygge_store_openmirroring.replicator.refusal import Refusal
from hygge_store_openmirroring.row_markers import DELETE, INSERT, MARKERS, ROW_MARKER, UPSERT


if TYPE_CHECKING:
    from collections.abc import Sequence


_AT, _DECIDED = "__at__", "__decided__"


def apply(rows: pl.DataFrame, file: pl.DataFrame, *, key: Sequence[str], upsert_by_default: bool) -> pl.DataFrame:
    """Return the table's rows after a file.

    ``file`` may hold the row marker as its last column; without one its rows are inserts, or upserts by
    default.  Columns that the file leaves out are null in its rows, columns of the file that
    the table lacks null in the older rows.  Raises `Refusal` for markers and keys that cannot be.
    """
    marked = _marked(file, UPSERT if upsert_by_default else INSERT)
    _check(marked, key)
    if marked[ROW_MARKER].eq(INSERT).all():
        return _added(rows, marked.drop(ROW_MARKER))
    left, added = _decided(marked, key)
    kept = rows.join(left, on=list(key), how="anti", maintain_order="left") if rows.width else rows
    return _added(kept, added)


def _marked(file: pl.DataFrame, default: int) -> pl.DataFrame:
    if ROW_MARKER not in file.columns:
        return file.with_columns(pl.lit(default, pl.Int32).alias(ROW_MARKER))
    if file.columns[-1] != ROW_MARKER:
        raise Refusal("InputValidationError", f"{ROW_MARKER} is not the last column")
    marker = file[ROW_MARKER]
    if not marker.dtype.is_integer():
        raise Refusal("InputValidationError", f"{ROW_MARKER} is {marker.dtype}, not an integer")
    return file.with_columns(marker.cast(pl.Int32))


def _check(marked: pl.DataFrame, key: Sequence[str]) -> None:
    marker = marked[ROW_MARKER]
    wrong = marked.filter(~marker.is_in(sorted(MARKERS)).fill_null(value=False))
    if wrong.height:
        raise Refusal("InputValidationError", f"{ROW_MARKER} holds {wrong[ROW_MARKER][0]}")
    if missing := [name for name in key if name not in marked.columns]:
        raise Refusal("InputValidationError", f"Key column {missing[0]} is not in the file")
    changing = marked.filter(marker != INSERT)
    if changing.height and not key:
        raise Refusal("InputValidationError", "Rows are updated or deleted, but the table has no keyColumns")
    if nulls := [name for name in key if changing[name].null_count()]:
        raise Refusal("InputValidationError", f"Key column {nulls[0]} is null in a row that is not an insert")


def _decided(marked: pl.DataFrame, key: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the keys whose older rows go, and the rows of the file that remain."""
    at = pl.col(_AT).filter(pl.col(ROW_MARKER) != INSERT).max()
    told = marked.with_row_index(_AT).with_columns(at.over(list(key)).alias(_DECIDED))
    left = told.filter(pl.col(_DECIDED).is_not_null()).select(key).unique()
    behind = pl.col(_DECIDED).is_null() | (pl.col(_AT) >= pl.col(_DECIDED))
    added = told.filter(behind & (pl.col(ROW_MARKER) != DELETE))
    return left, added.drop(_AT, _DECIDED, ROW_MARKER)


def _added(rows: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([rows, more], how="diagonal") if rows.width else more
