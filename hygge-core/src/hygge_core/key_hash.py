"""Splitting a table by the hash of its keys, so that keys can be compared a portion at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


KEYS_AT_ONCE = 8 << 20
"""How many keys are held at the same time where all of them have to be: about 1 GiB of small ones
with their versions."""


def key_hash(columns: Sequence[str]) -> pl.Expr:
    """Hash the values of the columns together into a ``UInt64``; equal within this process only."""
    return pl.struct(columns).hash(seed=0)


def portions(frame: pl.LazyFrame, columns: Sequence[str], rows: int) -> Iterator[pl.LazyFrame]:
    """Yield the frame in portions of about `KEYS_AT_ONCE` rows, in which equal keys are together.

    Each portion is a filter on the whole frame, so the key columns are read once for each.
    """
    number = max(1, -(-rows // KEYS_AT_ONCE))
    if number == 1:
        yield frame
        return
    for which in range(number):
        yield frame.filter(key_hash(columns) % number == which)
