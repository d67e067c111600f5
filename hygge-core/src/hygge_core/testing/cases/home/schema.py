"""Columns are known when a table is opened, and nothing else comes."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, ClassVar

import polars as pl
from attrs import evolve

from hygge_core.testing.cases.home.declared import Declared
from hygge_core.testing.readings import together


if TYPE_CHECKING:
    from hygge_core.home import Home
    from hygge_core.testing.readings import Fill, Sample


class SchemaCases(Declared):
    """The engine decides about drift and stages a table by the schema alone."""

    promise: ClassVar[str] = "the columns are known before the first row, and every batch has exactly them"

    def test_the_columns_are_known_before_the_first_row(self, home: Home, sample: Sample) -> None:
        with closing(home.read(sample.request)) as reading:
            before = reading.schema
            assert isinstance(before, pl.Schema), f"broken promise: a schema is a polars.Schema, not {before!r}"
            together(reading)
            assert reading.schema == before, (
                f"broken promise: the schema is known before the first row: {before}, not {reading.schema}"
            )
        expected = sample.rows.schema
        assert before == expected, f"broken promise: the schema tells names and dtypes, {expected}, not {before}"

    def test_every_batch_has_the_schema(self, home: Home, sample: Sample) -> None:
        with closing(home.read(evolve(sample.request, batch_bytes=200))) as reading:
            together(reading)

    def test_an_empty_table_has_its_columns(self, home: Home, fill: Fill) -> None:
        empty = pl.DataFrame(schema={"number": pl.Int64(), "name": pl.String()})
        promise = "a table without rows has its columns and yields no rows"
        self.comes(home, "empty", lambda: fill("nothing", empty), empty, promise)

    def test_a_column_of_nulls_has_its_dtype(self, home: Home, fill: Fill) -> None:
        frame = pl.DataFrame({"id": [1, 2], "none": [None, None]}, schema_overrides={"none": pl.Float64()})
        promise = "a column of nulls has the dtype of its column"
        self.comes(home, "nulls", lambda: fill("nulls", frame), frame, promise)
