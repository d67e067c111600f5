"""Rows of a small frame as people read them in a message: ``id = 7, line = "b"``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    import polars as pl


_LONGEST = 60


def row_texts(frame: pl.DataFrame) -> list[str]:
    """Write each row with the names of its columns, exactly as to time and digits; long values are cut."""
    columns = [[f"{series.name} = {text}" for text in value_texts(series)] for series in frame.get_columns()]
    return [", ".join(cells) for cells in zip(*columns, strict=True)]


def value_texts(series: pl.Series) -> list[str]:
    """Write each value: text in quotes, binary as hex digits, times with all their digits."""
    import polars as pl

    if isinstance(series.dtype, pl.String | pl.Categorical | pl.Enum):
        return [_cut("null" if value is None else json.dumps(value, ensure_ascii=False)) for value in series.to_list()]
    if isinstance(series.dtype, pl.Binary):
        return [_cut("null" if value is None else f"0x{value.hex()}") for value in series.to_list()]
    if series.dtype.is_nested() or isinstance(series.dtype, pl.Duration | pl.Null):
        return [_cut("null" if value is None else str(value)) for value in series.to_list()]
    return [_cut(text or "null") for text in series.cast(pl.String).to_list()]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
