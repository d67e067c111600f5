"""What a mirrored table holds, kept beside it: the key of every row and a hash of the rest.

A landing zone cannot be read back as a table: the service takes files away.  With this state a store
still knows which keys are there, and which rows differ from what was published last.  It belongs to the commit
whose attempt it is named after, so it can never be ahead of the table or behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from hygge_core.polish.column import column
from hygge_core.staging.rows import scan


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.lake import Lake
    from hygge_core.staging.history import History
    from hygge_core.staging.place import Place


_HASHES = ("__hash_1__", "__hash_2__")
_NOW, _BEFORE, _GONE = "__now__", "__before__", "__gone__"
_SEEDS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)


@frozen(kw_only=True)
class PublishedRows:
    """The state of one table. ``key`` are its key columns.

    Polars promises no hash across its versions, so the state of another version is none, and the next
    replacement is a rebuild.
    """

    lake: Lake
    place: Place
    key: tuple[str, ...]

    def last(self, history: History) -> pl.LazyFrame | None:
        """Return the state after the newest commit, None when that left none."""
        for record in history.newest():
            if (path := self._path(record.run.token)) in self._kept():
                return scan(self.lake, [path])
            if record.parts:
                return None
        return None

    def of(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Return the state of rows: their keys and two hashes of everything in them."""
        names = rows.collect_schema().names()
        whole = pl.struct(column(name) for name in names)
        hashes = (whole.hash(seed).alias(name) for name, seed in zip(_HASHES, _SEEDS, strict=True))
        return rows.select(*(column(name) for name in self.key), *hashes)

    def keep(self, state: pl.LazyFrame, token: str) -> None:
        """Write the state that will be true once the attempt of this token is committed."""
        with self.lake.create(self._path(token)) as file:
            state.sink_parquet(file, compression="zstd")

    def read(self, token: str) -> pl.LazyFrame:
        """Return a state that was written in this run."""
        return scan(self.lake, [self._path(token)])

    def sweep(self, history: History) -> None:
        """Delete states that are not those of the newest commit that has one."""
        kept = self._kept()
        newest = next((path for record in history.newest() if (path := self._path(record.run.token)) in kept), None)
        for path in kept - {newest}:
            self.lake.delete(path)

    def _kept(self) -> set[str]:
        return {entry.path for entry in self.lake.list(self._folder)}

    @property
    def _folder(self) -> str:
        # The version is in the name, since the hashes of another one cannot be compared.
        return f"{self.place.state}/rows-{pl.__version__}"

    def _path(self, token: str) -> str:
        return f"{self._folder}/{token}.parquet"


def differences(now: pl.LazyFrame, before: pl.LazyFrame, key: Sequence[str]) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Return the keys of rows that are new or other than they were, and of those that are not there any more.

    Costs the memory of the keys on one side, and of those that differ.
    """
    known = pl.col(_BEFORE)
    state = before.select(*_columns(key), pl.struct(_HASHES).alias(_BEFORE))
    joined = now.select(*_columns(key), pl.struct(_HASHES).alias(_NOW)).join(
        state, on=_columns(key), how="full", coalesce=True
    )
    differing = joined.filter(known.ne_missing(pl.col(_NOW))).select(
        *_columns(key), pl.col(_NOW).is_null().alias(_GONE)
    )
    found = differing.collect(engine="streaming").lazy()
    return found.filter(~pl.col(_GONE)).drop(_GONE), found.filter(pl.col(_GONE)).drop(_GONE)


def after(before: pl.LazyFrame, came: pl.LazyFrame, left: pl.LazyFrame | None, key: Sequence[str]) -> pl.LazyFrame:
    """Return the state after rows came and others left."""
    kept = before.join(came, on=_columns(key), how="anti")
    if left is not None:
        kept = kept.join(left, on=_columns(key), how="anti")
    return pl.concat([kept, came])


def _columns(key: Sequence[str]) -> list[pl.Expr]:
    return [column(name) for name in key]
