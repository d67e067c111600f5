"""The row marker of a file: one value for all rows, or what a column of the source says of each."""

from __future__ import annotations

import polars as pl

from hygge_core.errors import StoreError
from hygge_core.polish.column import column
from hygge_store_openmirroring.row_markers import MARKERS, ROW_MARKER
from hygge_store_openmirroring.types.unfit import UnfitValue


def marker_of(marker: int | str) -> pl.Expr:
    """Return the marker column of a file, for a value or for the name of the column that has the values.

    Raises `UnfitValue`, when it is evaluated, for a row that says none of 0, 1, 2 and 4.
    """
    if isinstance(marker, int):
        return pl.lit(marker, pl.Int32()).alias(ROW_MARKER)
    return column(marker).map_batches(_checked, return_dtype=pl.Int32(), is_elementwise=True).alias(ROW_MARKER)


def without_marker(source: pl.Schema, name: str, where: str) -> pl.Schema:
    """Return the columns without that of the markers. Raises `StoreError` where it cannot be one."""
    if name not in source:
        raise StoreError(
            f"there is no column {name!r}, which is the row_marker_column; there are {', '.join(source)}",
            where=where,
            fix="name the column as the polish names it",
        )
    if not (source[name].is_integer() or source[name] == pl.String()):
        raise StoreError(
            f"column {name!r} is of dtype {source[name]}, and a row_marker_column holds 0, 1, 2 and 4",
            where=where,
            fix="give it such numbers in the query of the source",
        )
    return pl.Schema({other: dtype for other, dtype in source.items() if other != name})


def _checked(values: pl.Series) -> pl.Series:
    """Make them numbers, and demand that each is a marker."""
    markers = values.cast(pl.Int32(), strict=False)
    odd = values.filter(~markers.is_in(list(MARKERS)).fill_null(value=False))
    if odd.len():
        message = (
            f"row_marker_column {values.name!r} holds {odd[0]!r}; rows are inserted by 0, updated by 1, deleted by 2 "
            "and upserted by 4"
        )
        raise UnfitValue(message)
    return markers
