"""How far a column of a Parquet file goes, from the statistics of its row groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from hygge_core.parquet.footer import Chunk, Footer


_INT32, _INT64 = 1, 2  # parquet.thrift, Type
_BYTES = {_INT32: 4, _INT64: 8}


@frozen(kw_only=True)
class Extent:
    """The highest value of a column as a number of the smallest steps of ``dtype``, and how many rows are null."""

    dtype: pl.DataType
    high: int | None
    nulls: int


def extent_of(footers: Sequence[Footer], name: str, dtype: pl.DataType) -> Extent | None:
    """Sum up what the statistics of files that are one table say of one of its columns.

    None unless there are statistics for every row group, and exact ones: that is for integers, dates and
    timestamps only.  Their width is fixed, so no writer cuts them short.  ``high`` is None where no row has a value.
    """
    groups = [group for footer in footers for group in footer.row_groups]
    chunks = [chunk for group in groups for chunk in group.chunks if chunk.path == (name,)]
    if len(chunks) != len(groups) or not (dtype.is_integer() or _is_moment(dtype)):
        return None
    signed = not dtype.is_unsigned_integer()
    highest, nulls = [], 0
    for chunk in filter(_holds_rows, chunks):
        if chunk.statistics.nulls is None:
            return None
        nulls += chunk.statistics.nulls
        if chunk.statistics.nulls < chunk.values:
            high = _highest(chunk, signed=signed)
            if high is None:
                return None
            highest.append(high)
    return Extent(dtype=dtype, high=max(highest, default=None), nulls=nulls)


def _holds_rows(chunk: Chunk) -> bool:
    return chunk.values > 0  # pyarrow writes a row group for no rows, and no statistics for it


def _is_moment(dtype: pl.DataType) -> bool:
    import polars as pl

    return isinstance(dtype, pl.Date | pl.Datetime)


def _highest(chunk: Chunk, *, signed: bool) -> int | None:
    high = chunk.statistics.high
    return int.from_bytes(high, "little", signed=signed) if high and len(high) == _BYTES.get(chunk.physical) else None
