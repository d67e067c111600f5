"""How Polars reads CSV files that are known to be sound: always by position, never guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hygge_core.texts import read_as


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygge_home_files.config import CsvConfig
    from hygge_home_files.csv_layout import Layout


def texts(group: Sequence[Layout], settings: CsvConfig) -> pl.LazyFrame:
    """Scan neighbours of one layout with every column as text, named by its position: "0", "1", ..."""
    return _scan(group, [pl.String()] * len(group[0].names), settings)


def rows(
    group: Sequence[Layout], table: Mapping[str, pl.DataType], settings: CsvConfig, *, sound: bool
) -> pl.LazyFrame:
    """Scan neighbours of one layout as the columns of the table, null where they lack one.

    Where every value is known to be good (``sound``), Polars parses numbers while it
    reads, which is quickest; the rest goes through `read_as`.
    """
    dtypes = [table.get(name, pl.String()) for name in group[0].names]
    native = [sound and _is_native(dtype, settings) for dtype in dtypes]
    parsed = [dtype if quick else pl.String() for dtype, quick in zip(dtypes, native, strict=True)]
    place = {name: position for position, name in enumerate(group[0].names)}
    columns = []
    for name, dtype in table.items():
        at = place.get(name)
        text = pl.lit(None, dtype=dtype) if at is None else pl.col(str(at))
        done = at is None or native[at]
        columns.append((text if done else read_as(text, dtype, decimal_comma=settings.decimal_comma)).alias(name))
    return _scan(group, parsed, settings).select(columns)


def _is_native(dtype: pl.DataType, settings: CsvConfig) -> bool:
    return dtype.is_integer() or (dtype.is_float() and not settings.decimal_comma) or dtype == pl.String


def _scan(group: Sequence[Layout], dtypes: Sequence[pl.DataType], settings: CsvConfig) -> pl.LazyFrame:
    return pl.scan_csv(
        [layout.piece.path for layout in group],
        has_header=False,
        skip_lines=group[0].lines,
        schema=pl.Schema({str(position): dtype for position, dtype in enumerate(dtypes)}),
        separator=settings.separator,
        quote_char=settings.quote or None,
        comment_prefix=settings.comment or None,
        null_values=list(settings.null_values) or None,
        raise_if_empty=False,
        glob=False,
    )
