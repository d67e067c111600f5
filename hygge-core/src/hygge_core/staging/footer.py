"""Counting the rows of the Parquet files of a lake by their footers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.parquet.footer import read_rows


if TYPE_CHECKING:
    from hygge_core.lake import Lake


def row_count(lake: Lake, path: str) -> int:
    """Count the rows of a Parquet file by its footer. Raises `ValueError` when it has none."""
    with lake.open(path) as file:
        return read_rows(file)
