"""The columns of a statement, with the choices about their types: what to select, and what frames it gives."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl
from attrs import define, field

from hygge_core.schema import dtype_of
from hygge_home_mssql.types import select_of
from hygge_home_mssql.types.finishing import finished
from hygge_home_mssql.types.table import crossing_of


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygge_home_mssql.types import Column, Options
    from hygge_home_mssql.types.crossing import Crossing


_UTF_16 = frozenset({"nchar", "nvarchar"})


@define(kw_only=True)
class Shape:
    """Some columns as they are read, in order. Raises `HomeError` for a type without a dtype."""

    columns: Sequence[Column]
    options: Options
    crossings: Mapping[str, Crossing] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.crossings = {column.name: crossing_of(column, self.options) for column in self.columns}

    @property
    def select(self) -> list[str]:
        """The SQL of each column, the same for every engine."""
        return [select_of(column, self.options) for column in self.columns]

    @cached_property
    def schema(self) -> pl.Schema:
        """The columns of every frame."""
        return pl.Schema({name: dtype_of(crossing.dtype) for name, crossing in self.crossings.items()})

    @cached_property
    def arriving(self) -> pl.Schema:
        """The columns as engines must hand them over."""
        return pl.Schema({name: dtype_of(crossing.arriving) for name, crossing in self.crossings.items()})

    @cached_property
    def long(self) -> tuple[int, ...]:
        """The positions of columns whose values have no fixed size in a frame."""
        return tuple(place for place, dtype in enumerate(self.arriving.dtypes()) if dtype in {pl.String, pl.Binary})

    @cached_property
    def unicode(self) -> tuple[str, ...]:
        """The columns of UTF-16 whose decoding is left to the driver."""
        return tuple(
            column.name
            for column in self.columns
            if column.type in _UTF_16 and self.crossings[column.name].arriving == "string"
        )

    def finish(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Turn columns that arrived into those of `schema`. Raises `HomeError` that names column and value."""
        return pl.DataFrame([finished(frame[name], crossing) for name, crossing in self.crossings.items()])
