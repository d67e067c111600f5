"""Making sure that a Parquet file reads from end to end, before its bytes pass through."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from hygge_core.errors import HomeError
from hygge_core.parquet.footer import read_footer
from hygge_core.parquet.pages import walk


if TYPE_CHECKING:
    from hygge_core.staging.options import Verify


def verified_rows(path: str, verify: Verify) -> int:
    """Verify a local file as deep as asked, and return its rows.

    Raises `HomeError` when it does not read from end to end, or holds other rows than its footer says.
    """
    try:
        said = _walked(path)
        rows = _decoded(path) if verify == "values" else said
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError) as error:
        raise HomeError(
            f"does not read from end to end: {error}", where=path, fix="restore the file; the table is as it was"
        ) from error
    if said != rows:
        raise HomeError(f"its footer says {said:,} rows and it holds {rows:,}", where=path, fix="restore the file")
    return rows


def _walked(path: str) -> int:
    with Path(path).open("rb") as file:
        footer = read_footer(file)
        walk(file, footer)
    rows = sum(group.rows for group in footer.row_groups)
    if rows != footer.rows:
        message = f"the footer says {footer.rows:,} rows and its row groups hold {rows:,}"
        raise ValueError(message)
    return footer.rows


def _decoded(path: str) -> int:
    rows = 0

    def count(batch: pl.DataFrame) -> None:
        nonlocal rows
        rows += batch.height

    pl.scan_parquet(path, glob=False).sink_batches(count, maintain_order=False)
    return rows
