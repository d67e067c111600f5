"""Which rows of a source a table must hold by now, judged by its settings and its last commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from hygge_core.config.model import SoftDeletes
from hygge_core.deletes.marked import marked_by
from hygge_core.mark import Range
from hygge_core.polish.column import column
from hygge_core.watermark.boundary import inside
from hygge_core.watermark.marks import parse_mark, retyped
from hygge_core.watermark.progress import progress_of
from hygge_core.watermark.source import dtype_in


if TYPE_CHECKING:
    from hygge_core.commit import CommitRecord
    from hygge_core.config.model import EntityConfig
    from hygge_core.mark import Watermark
    from hygge_core.watermark.progress import Progress


REQUIRED, NEWER, OUTSIDE, DELETED = range(4)
"""What a row of the source is to the store: must be there, comes with the next run, is left out, must be gone."""


@frozen(kw_only=True)
class Expectation:
    """What the store must hold.

    ``watermark`` is the last commit's, None for a table that is not followed by one.
    ``versions`` tells that the table keeps each version of a row, and not one row for each
    key.  ``deletes`` tells that rows which are gone from the source must be gone from the store.
    """

    entity: EntityConfig
    progress: Progress | None
    watermark: Watermark | None
    versions: bool
    deletes: bool

    @property
    def soft(self) -> str:
        """The column that marks rows as deleted, or nothing."""
        return self.entity.deletes.soft if isinstance(self.entity.deletes, SoftDeletes) else ""

    @property
    def counts_all(self) -> bool:
        """Whether every row of the source must be there, whatever is in it."""
        return self.watermark is None and not self.soft

    def standing(self, schema: pl.Schema) -> pl.Expr:
        """Return for each row of the source what it is to the store, as ``Int8``."""
        due, newer = pl.lit(value=True), pl.lit(value=False)
        if self.watermark is not None and self.progress is not None:
            due, newer = _due(self.watermark, self.progress, schema)
        gone = self._marked(schema) if self.soft else pl.lit(value=False)
        standing = pl.when(due & gone).then(DELETED).when(due).then(REQUIRED).when(newer).then(NEWER)
        return standing.otherwise(OUTSIDE).cast(pl.Int8)

    def _marked(self, schema: pl.Schema) -> pl.Expr:
        return marked_by(self.soft, schema, key={}, where=self.entity.path).mark


def expectation_of(entity: EntityConfig, last: CommitRecord | None) -> Expectation | None:
    """Judge one table; None for a table that appends without a watermark, which no source compares to.

    Raises `UsageError` where the configuration and the last commit do not agree.
    """
    if entity.run_type == "append":
        return None
    incremental = entity.run_type == "incremental"
    return Expectation(
        entity=entity,
        progress=progress_of(entity, last),
        watermark=_followed(entity, last),
        versions=incremental and entity.write == "append",
        deletes=not incremental or entity.deletes == "key_diff" or bool(entity.follows_changes),
    )


def _due(watermark: Watermark, progress: Progress, schema: pl.Schema) -> tuple[pl.Expr, pl.Expr]:
    """Return the conditions of having been moved already, and of being moved by the next run."""
    dtype, config, value = dtype_in(schema, progress), progress.config, column(watermark.column)
    nulls = not progress.incremental or config.nulls == "include"
    if watermark.mark is None:
        return value.is_null() & nulls, value.is_not_null()
    try:
        low = parse_mark(config.initial, dtype) if config.initial is not None and progress.incremental else None
        high = retyped(watermark.mark, dtype)
    except ValueError as error:
        raise progress.unusable(f"{error}, so its last mark means nothing any more") from error
    newer = value.is_not_null() & ~inside(Range(column=watermark.column, high=high))
    return inside(Range(column=watermark.column, low=low, high=high, nulls=nulls)), newer


def _followed(entity: EntityConfig, last: CommitRecord | None) -> Watermark | None:
    """Return the last commit's watermark, if the table is still followed by that column."""
    watermark = last.watermark if last else None
    config = entity.watermark
    return watermark if watermark and config and watermark.column == config.column else None
