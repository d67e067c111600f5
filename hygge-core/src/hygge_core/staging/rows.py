"""Reading Parquet files of a lake back as one lazy frame, columns united by name."""

from __future__ import annotations

import io
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from attrs import frozen
from polars.io.plugins import register_io_source

from hygge_core.lake import HasLocalPaths
from hygge_core.parquet.footer import without_rows


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.lake import Lake


def scan(lake: Lake, paths: Sequence[str]) -> pl.LazyFrame:
    """Return the rows of at least one file, lazily; a column that a file lacks is null in its rows."""
    frames = [files.scan() for files in alike(lake, paths)]
    return frames[0] if len(frames) == 1 else pl.concat(frames, how="diagonal_relaxed")


def alike(lake: Lake, paths: Sequence[str]) -> list[Alike]:
    """Look into the footers and put neighbours with the same columns together."""
    columns = [(path, list(_schema(lake, path).items())) for path in paths]
    return [
        Alike(lake, pl.Schema(same), tuple(path for path, _ in files))
        for same, files in groupby(columns, key=itemgetter(1))
    ]


@frozen
class Alike:
    """Files of one lake that have the same columns in the same order."""

    lake: Lake
    schema: pl.Schema
    paths: tuple[str, ...]

    @property
    def path_column(self) -> str:
        """A name for the column of files that no column has: it is longer than all."""
        names: list[str] = ["path", *self.schema]
        return max(names, key=len) + "_"

    def scan(self, *, with_path: bool = False) -> pl.LazyFrame:
        """Return the rows in the order of the files; ``with_path`` adds the file of each, see `path_of`."""
        path = self.path_column if with_path else None
        if isinstance(self.lake, HasLocalPaths):
            local = [self.lake.local_path(path) for path in self.paths]
            return pl.scan_parquet(local, glob=False, hive_partitioning=False, include_file_paths=path)
        columns = {**self.schema, path: pl.String()} if path else self.schema
        return register_io_source(lambda *asked: self._stream(path, *asked), schema=columns)

    def path_of(self, shown: str) -> str:
        """Turn what a scan's path column shows into the path in the lake."""
        if isinstance(self.lake, HasLocalPaths):
            return {Path(self.lake.local_path(path)): path for path in self.paths}[Path(shown)]
        return shown

    def _stream(
        self, path_column: str | None, columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, _: Any
    ) -> Iterator[pl.DataFrame]:
        """Read one file after the other through the lake, each whole but for what nobody asked for."""
        for path in self.paths:
            with self.lake.open(path) as file:
                frame = pl.scan_parquet(file)
                frame = frame if path_column is None else frame.with_columns(pl.lit(path).alias(path_column))
                frame = frame if rows is None else frame.head(rows)
                frame = frame if predicate is None else frame.filter(predicate)
                found = (frame if columns is None else frame.select(columns)).collect()
            rows = None if rows is None else rows - found.height
            yield found


def _schema(lake: Lake, path: str) -> pl.Schema:
    if isinstance(lake, HasLocalPaths):
        return pl.scan_parquet(lake.local_path(path), glob=False).collect_schema()
    with lake.open(path) as file:
        return pl.scan_parquet(io.BytesIO(without_rows(file))).collect_schema()
