"""Comparing keys by sums of their hashes: a few thousand keys to a bucket, each bucket one row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hygge_core.key_hash import key_hash


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


VERSION, STANDING, COPIES, BUCKET = "\x00version", "\x00standing", "\x00copies", "\x00bucket"
"""Columns beside the key; no table has columns of such names."""

_KEYS_IN_A_BUCKET = 4096
_ROWS_AT_ONCE = 1 << 20
_MOST_BUCKETS = 1 << 20
_ROWS, _SUM = "\x00rows", "\x00sum"


def bucket_count(rows: int) -> int:
    """Choose how many buckets a table of so many rows is put into."""
    return max(1, min(_MOST_BUCKETS, rows // _KEYS_IN_A_BUCKET))


def in_buckets(frame: pl.LazyFrame, key: Sequence[str], buckets: int) -> pl.LazyFrame:
    """Add the bucket of each key."""
    return frame.with_columns((key_hash(key) % buckets).alias(BUCKET))


def bucket_sums(frame: pl.LazyFrame, key: Sequence[str], *by: str) -> pl.LazyFrame:
    """Sum up each bucket: its rows, and the hashes of key and version; both count as often as `COPIES` says.

    The sums wrap around at 64 bits, which keeps equal multisets equal.
    """
    hashes = key_hash([*key, VERSION])
    copies = pl.col(COPIES).cast(pl.UInt64)
    return frame.group_by(BUCKET, *by).agg(copies.sum().alias(_ROWS), (hashes * copies).sum().alias(_SUM))


def differing(source: pl.DataFrame, store: pl.DataFrame, *, rows_for_a_key: int = 1) -> Iterator[list[int]]:
    """Yield the buckets whose sums differ, in groups that hold about a million rows."""
    both = source.join(store, on=BUCKET, how="full", coalesce=True)
    other = [pl.col(name).ne_missing(pl.col(f"{name}_right")) for name in (_ROWS, _SUM)]
    found = both.filter(pl.any_horizontal(other)).sort(BUCKET)
    rows = found.select(pl.sum_horizontal(_ROWS, f"{_ROWS}_right")).to_series()
    group: list[int] = []
    held = 0
    for bucket, weight in zip(found[BUCKET].to_list(), rows.to_list(), strict=True):
        if group and (held + weight) * rows_for_a_key > _ROWS_AT_ONCE:
            yield group
            group, held = [], 0
        group.append(bucket)
        held += weight
    if group:
        yield group
