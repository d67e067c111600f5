"""A polish made ready for one source: settings and schema in, expressions out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import polars as pl
from attrs import field, frozen

from hygge_core.polish.additions import constant, timestamp
from hygge_core.polish.column import column
from hygge_core.polish.hashing import hash_id
from hygge_core.polish.naming import polished_names


if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hygge_core.polish.config import PolishConfig


F = TypeVar("F", pl.DataFrame, pl.LazyFrame)


@frozen(kw_only=True)
class Polish:
    """What happens to every frame of one table, known before the first row.

    ``schema`` is that of the polished frames.  ``names`` maps each source column that
    stays to its polished name, for keys and watermarks.  ``touches`` is False when frames
    pass through as they are, so that bytes may.
    """

    schema: pl.Schema
    names: Mapping[str, str]
    touches: bool
    _expressions: tuple[pl.Expr, ...] = field(repr=False)

    @classmethod
    def compile(cls, config: PolishConfig | None, source: pl.Schema, *, now: datetime) -> Polish:
        """Make the polish of one source ready; without settings it touches nothing.

        ``now`` is one moment for the whole run and must know its zone.  The order: hash ids
        of source columns first, then the columns that stay with their new names, then
        constants, then timestamps.  Raises `PolishError` for whatever does not fit.
        """
        if config is None:
            return cls(schema=source, names={name: name for name in source}, touches=False, expressions=())
        names = polished_names(config, list(source))
        expressions = (
            *(hash_id(hashed, source) for hashed in config.hash_ids),
            *(column(source_name).alias(name) for source_name, name in names.items()),
            *(constant(added) for added in config.constants),
            *(timestamp(added, now) for added in config.timestamps),
        )
        schema = pl.LazyFrame(schema=source).select(expressions).collect_schema()
        touches = list(schema) != list(source) or any(names.get(name) != name for name in source)
        return cls(schema=schema, names=names, touches=touches, expressions=expressions)

    def apply(self, frame: F, *beside: pl.Expr) -> F:
        """Polish a frame that has the source's columns; rows keep their number and order.

        ``beside`` are further columns to add, made of those of the source.
        """
        if self.touches:
            return frame.select(*self._expressions, *beside)
        return frame.with_columns(beside) if beside else frame
