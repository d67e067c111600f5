"""Small frames put together until they have the size that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def gathered(frames: Iterable[pl.DataFrame], size: int) -> Iterator[pl.DataFrame]:
    """Yield the rows in frames of about ``size`` bytes, each at least that large but the last."""
    waiting: list[pl.DataFrame] = []
    weight = 0
    for frame in frames:
        waiting.append(frame)
        weight += int(frame.estimated_size())
        if weight >= size:
            yield pl.concat(waiting)
            waiting, weight = [], 0
    if waiting:
        yield pl.concat(waiting)
