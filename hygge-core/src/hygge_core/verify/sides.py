"""Both sides of a comparison with the same columns: the key, the version, and what counts beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from hygge_core.config.suggest import did_you_mean
from hygge_core.errors import UsageError
from hygge_core.key_hash import portions
from hygge_core.polish.column import column
from hygge_core.verify.buckets import COPIES, STANDING, VERSION


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.polish import Polish
    from hygge_core.verify.expectation import Expectation
    from hygge_core.verify.source import Source
    from hygge_core.verify.target import Target


@frozen(kw_only=True)
class Sides:
    """What source and store hold of one table, under the names and dtypes of the store."""

    source: Source
    target: Target
    polish: Polish
    expectation: Expectation
    key: tuple[str, ...]

    def wanted(self) -> pl.LazyFrame:
        """Return of each row of the source its key, `VERSION` and `STANDING`, as the store would have them."""
        beside = self.expectation.standing(self.source.schema).alias(STANDING)
        frame = self.polish.apply(self.source.frame(), beside)
        return frame.select(*self._named(self.target.frame().collect_schema()), STANDING)

    def there(self) -> pl.LazyFrame:
        """Return of each row of the store its key and `VERSION`."""
        frame = self.target.frame()
        return frame.select(self._named(frame.collect_schema()))

    def newest(self, rows: int) -> Iterator[pl.LazyFrame]:
        """Yield of each key of the store the newest version, and in `COPIES` how often a version of it comes at most.

        In portions of so many keys as may be held at once, ``rows`` being those of the table.
        """
        for some in portions(self.there(), self.key, rows):
            copies = some.group_by(*self.key, VERSION).agg(pl.len().alias(COPIES))
            yield copies.group_by(self.key).agg(pl.col(VERSION).max(), pl.col(COPIES).max())

    def _named(self, present: pl.Schema) -> list[pl.Expr]:
        """Name a row by its key and version, in the dtypes of the store."""
        for name in self.key:
            if name not in present:
                what, fix = f"the table in the store has no column {name!r} yet", "run `hygge go` first"
                raise UsageError(what, where=self.target.where, fix=fix)
        watermark = self.expectation.watermark
        version = self.polish.names.get(watermark.column) if watermark else None
        keys = [column(name).cast(_plain(present[name])) for name in self.key]
        if version is None or version not in present:
            return [*keys, pl.lit(None).alias(VERSION)]
        return [*keys, column(version).cast(_plain(present[version])).alias(VERSION)]


def key_of(expectation: Expectation, polish: Polish, asked: Sequence[str]) -> tuple[str, ...]:
    """Choose the columns that name a row, as they are called in the store; empty when nobody said.

    Raises `UsageError` for a column that the table does not have.
    """
    path = expectation.entity.path
    if asked:
        for name in asked:
            if name not in polish.schema:
                near = did_you_mean(name, polish.schema) or f"it has {', '.join(map(repr, polish.schema))}"
                raise UsageError(f"the table has no column {name!r}", where=f"{path}: --key", fix=near)
        return tuple(asked)
    config = expectation.entity.watermark
    for name in config.key if config else ():
        if name not in polish.names:
            what = f"the polish leaves out {name!r}, by which rows are told apart"
            raise UsageError(what, where=f"{path}: watermark.key", fix="keep the column, or name another with --key")
    return tuple(polish.names[name] for name in config.key) if config else ()


def _plain(dtype: pl.DataType) -> pl.DataType:
    """Return what both sides are compared as: categories have other numbers in every file."""
    return pl.String() if isinstance(dtype, pl.Categorical | pl.Enum) else dtype
