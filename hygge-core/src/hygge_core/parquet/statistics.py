"""How far a column of a Parquet file goes, from the statistics of its row groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from hygge_core.parquet.footer import Chunk, Footer


_INT32, _INT64 = 1, 2  # parquet.thrift, Type
_BYTES = {_INT32: 4, _INT64: 8}


@frozen(kw_only=True)
class Extent:
    """The highest value of a column in its physical form, None when there is none, and how many rows are null."""

    high: int | None
    nulls: int


def extent_of(footer: Footer, name: str, dtype: pl.DataType) -> Extent | None:
    """Sum up the statistics of one column; None unless they are there for every row group, and exact.

    They are taken for integers, dates and timestamps only: these have a fixed width, so no writer cuts them short.
    """
    chunks = [chunk for group in footer.row_groups for chunk in group.chunks if chunk.path == (name,)]
    if len(chunks) != len(footer.row_groups) or not (dtype.is_integer() or _is_moment(dtype)):
        return None
    return _summed(chunks, signed=not dtype.is_unsigned_integer())


def _is_moment(dtype: pl.DataType) -> bool:
    import polars as pl

    return isinstance(dtype, pl.Date | pl.Datetime)


def _summed(chunks: Iterable[Chunk], *, signed: bool) -> Extent | None:
    highest: list[int] = []
    nulls = 0
    for chunk in chunks:
        said = chunk.statistics
        if said.nulls is None:
            return None
        nulls += said.nulls
        if said.nulls == chunk.values:
            continue
        if said.high is None or len(said.high) != _BYTES.get(chunk.physical):
            return None
        highest.append(int.from_bytes(said.high, "little", signed=signed))
    return Extent(high=max(highest, default=None), nulls=nulls)
