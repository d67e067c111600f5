"""Parquet files as one table: read as they are, with columns united by name."""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import polars as pl

from hygge_core import HomeError
from hygge_core.parquet.footer import read_footer, read_rows
from hygge_core.parquet.statistics import extent_of
from hygge_core.schema import text_of
from hygge_home_files.columns import unite
from hygge_home_files.home import FilesHome
from hygge_home_files.opening import POLARS_ERRORS, first_line, watching
from hygge_home_files.reading import reading_of
from hygge_home_files.scratch import Scratch
from hygge_home_files.sources import Sources


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from hygge_core.home import ReadRequest
    from hygge_core.mark import Range
    from hygge_core.parquet.statistics import Extent
    from hygge_home_files.config import ParquetConfig
    from hygge_home_files.reading import FrameReading


T = TypeVar("T")


_ENDINGS = (".parquet", ".pq")
_MAGIC = b"PAR1"


def open_parquet(settings: ParquetConfig, project: Path) -> FilesHome:
    """Open a home of Parquet files."""
    sources = Sources(path=settings.path, project=project, suffixes=_ENDINGS)
    return FilesHome(sources=sources, open_table=partial(_open_table, settings))


def _open_table(settings: ParquetConfig, paths: tuple[Path, ...], request: ReadRequest) -> FrameReading:
    scratch = Scratch()
    with watching(paths, scratch) as watched:
        schemas = {path: _schema(path) for path in paths}
        headers = [(str(path), tuple(schema)) for path, schema in schemas.items()]
        names = unite(headers, missing=settings.missing_columns, extra=settings.extra_columns)
        if not names:
            raise HomeError("the file has no columns", where=str(paths[0]), fix="leave this table out")
        dtypes = _agreed(schemas, set(names))
        schema = pl.Schema({name: dtypes[name] for name in names})
        alike = all(list(found.items()) == list(schema.items()) for found in schemas.values())
        return reading_of(
            _extent(paths, schema, request.range),
            frame=_united(schemas, schema),
            schema=schema,
            watched=watched,
            batch_bytes=request.batch_bytes,
            where=str(paths[0]) if len(paths) == 1 else settings.path,
            scratch=scratch,
            rows=sum(_look(path, read_rows) for path in paths),
            files=[str(path.resolve()) for path in paths] if alike else (),
            blame=partial(_damaged, paths),
        )


def _scan(paths: Sequence[Path]) -> pl.LazyFrame:
    return pl.scan_parquet(list(paths), glob=False, hive_partitioning=False)


def _schema(path: Path) -> pl.Schema:
    """Read a file's columns. Raises `HomeError` for what is not a whole Parquet file."""
    if path.stat().st_size == 0:
        raise HomeError("the file is empty, not even a Parquet header", where=str(path), fix="remove it or write it")
    with path.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise HomeError("this is not a Parquet file", where=str(path), fix="check 'path' and 'type'")
    try:
        return _scan([path]).collect_schema()
    except POLARS_ERRORS as error:
        raise _unreadable(path, error) from error


def _extent(paths: Sequence[Path], schema: pl.Schema, wanted: Range | None) -> Extent | None:
    """Find out how far the column of a range goes, where the statistics of all files can be relied on."""
    if wanted is None or wanted.column not in schema:
        return None
    return extent_of([_look(path, read_footer) for path in paths], wanted.column, schema[wanted.column])


def _look(path: Path, read: Callable[[BinaryIO], T]) -> T:
    """Look at a file's footer. Raises `HomeError`."""
    try:
        with path.open("rb") as stream:
            return read(stream)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: BaseException) -> HomeError:
    fix = "write or fetch it again, or run again when its writer is done"
    return HomeError(f"the Parquet file is damaged or incomplete: {first_line(error)}", where=str(path), fix=fix)


def _agreed(schemas: Mapping[Path, pl.Schema], names: set[str]) -> dict[str, pl.DataType]:
    """Return the dtype of each column. Raises `HomeError` that shows both where two files differ."""
    dtypes: dict[str, tuple[Path, pl.DataType]] = {}
    for path, schema in schemas.items():
        for name, dtype in schema.items():
            first, known = dtypes.setdefault(name, (path, dtype))
            if dtype != known and name in names:
                what = f"column {name!r} is {text_of(dtype)} here and {text_of(known)} in {first}"
                raise HomeError(what, where=str(path), fix="write the files alike, or read them as tables of their own")
    return {name: dtype for name, (_, dtype) in dtypes.items()}


def _united(schemas: Mapping[Path, pl.Schema], table: pl.Schema) -> pl.LazyFrame:
    """Scan neighbours with equal columns together; each scan yields the columns of the table."""
    frames = []
    for columns, group in itertools.groupby(schemas, key=lambda path: tuple(schemas[path])):
        frame = _scan(list(group))
        if columns != tuple(table):
            frame = frame.select(_columns(columns, table))
        frames.append(frame)
    return pl.concat(frames)


def _columns(present: Sequence[str], table: pl.Schema) -> list[pl.Expr]:
    known = set(present)
    return [
        pl.nth(present.index(name)) if name in known else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in table.items()
    ]


def _damaged(paths: Sequence[Path]) -> str | None:
    """Find the first file that cannot be read to its end. Called only after a scan has failed."""
    for path in paths:
        try:
            for _ in _scan([path]).collect_batches(lazy=True):
                pass
        except POLARS_ERRORS:
            return str(path)
    return None
