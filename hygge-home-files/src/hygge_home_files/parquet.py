"""Parquet files as one table: read as they are, with columns united by name."""

from __future__ import annotations

import itertools
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import polars as pl

from hygge_core import HomeError
from hygge_core.parquet.footer import read_footer, read_rows
from hygge_core.parquet.statistics import extent_of
from hygge_core.schema import text_of
from hygge_home_files.columns import unite
from hygge_home_files.each import each
from hygge_home_files.home import FilesHome
from hygge_home_files.opening import POLARS_ERRORS, first_line, out_of_reach, watching
from hygge_home_files.places import sources_of
from hygge_home_files.reading import reading_of
from hygge_home_files.scratch import Scratch


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygge_core.home import ReadRequest
    from hygge_core.mark import Range
    from hygge_core.parquet.statistics import Extent
    from hygge_core.plugin import Context
    from hygge_home_files.config import ParquetConfig
    from hygge_home_files.files import Address, File
    from hygge_home_files.reading import FrameReading

    _Schemas = Sequence[tuple[Address, pl.Schema]]


T = TypeVar("T")


_ENDINGS = (".parquet", ".pq")
_MAGIC = b"PAR1"


def open_parquet(settings: ParquetConfig, context: Context) -> FilesHome:
    """Open a home of Parquet files."""
    return FilesHome(sources=sources_of(settings, _ENDINGS, context), open_table=partial(_open_table, settings))


def _open_table(settings: ParquetConfig, files: tuple[File, ...], request: ReadRequest) -> FrameReading:
    scratch = Scratch()
    with watching(files, scratch) as watched:
        addresses = [file.address(scratch) for file in files]
        schemas = list(zip(addresses, each(_schema, addresses), strict=True))
        headers = [(address.label, tuple(schema)) for address, schema in schemas]
        names = unite(headers, missing=settings.missing_columns, extra=settings.extra_columns)
        if not names:
            raise HomeError("the file has no columns", where=files[0].label, fix="leave this table out")
        dtypes = _agreed(schemas, set(names))
        schema = pl.Schema({name: dtypes[name] for name in names})
        alike = all(a.local and list(found.items()) == list(schema.items()) for a, found in schemas)
        return reading_of(
            _extent(addresses, schema, request.range),
            frame=_united(schemas, schema),
            schema=schema,
            watched=watched,
            batch_bytes=request.batch_bytes,
            where=files[0].label if len(files) == 1 else settings.path,
            scratch=scratch,
            rows=sum(each(partial(_look, read_rows), addresses)),
            files=[str(Path(address.text).resolve()) for address in addresses] if alike else (),
            blame=partial(_damaged, addresses),
            remote=addresses[0].remote,
        )


def _scan(files: Sequence[Address]) -> pl.LazyFrame:
    """Scan files of one home, which all lie in the same place."""
    texts = [file.text for file in files]
    return pl.scan_parquet(texts, glob=False, hive_partitioning=False, **files[0].options)


def _schema(file: Address) -> pl.Schema:
    """Read a file's columns. Raises `HomeError` for what is not a whole Parquet file."""
    with file.open() as stream:
        start = stream.read(len(_MAGIC))
    if not start:
        raise HomeError("the file is empty, not even a Parquet header", where=file.label, fix="remove it or write it")
    if start != _MAGIC:
        raise HomeError("this is not a Parquet file", where=file.label, fix="check 'path' and 'type'")
    try:
        return _scan([file]).collect_schema()
    except POLARS_ERRORS as error:
        raise _unreadable(file, error) from error


def _extent(files: Sequence[Address], schema: pl.Schema, wanted: Range | None) -> Extent | None:
    """Find out how far the column of a range goes, where the statistics of all files can be relied on."""
    if wanted is None or wanted.column not in schema:
        return None
    return extent_of(list(each(partial(_look, read_footer), files)), wanted.column, schema[wanted.column])


def _look(read: Callable[[BinaryIO], T], file: Address) -> T:
    """Look at a file's footer. Raises `HomeError`."""
    try:
        with file.open() as stream:
            return read(stream)
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Address, error: BaseException) -> HomeError:
    if file.remote and isinstance(error, OSError):
        return out_of_reach(error, file.label)
    fix = "write or fetch it again, or run again when its writer is done"
    return HomeError(f"the Parquet file is damaged or incomplete: {first_line(error)}", where=file.label, fix=fix)


def _agreed(schemas: _Schemas, names: set[str]) -> dict[str, pl.DataType]:
    """Return the dtype of each column. Raises `HomeError` that shows both where two files differ."""
    dtypes: dict[str, tuple[str, pl.DataType]] = {}
    for file, schema in schemas:
        for name, dtype in schema.items():
            first, known = dtypes.setdefault(name, (file.label, dtype))
            if dtype != known and name in names:
                what = f"column {name!r} is {text_of(dtype)} here and {text_of(known)} in {first}"
                raise HomeError(
                    what, where=file.label, fix="write the files alike, or read them as tables of their own"
                )
    return {name: dtype for name, (_, dtype) in dtypes.items()}


def _united(schemas: _Schemas, table: pl.Schema) -> pl.LazyFrame:
    """Scan neighbours with equal columns together; each scan yields the columns of the table."""
    frames = []
    for columns, group in itertools.groupby(schemas, key=lambda pair: tuple(pair[1])):
        frame = _scan([file for file, _ in group])
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


def _damaged(files: Sequence[Address]) -> str | None:
    """Find the first file that cannot be read to its end. Called only after a scan has failed."""
    for file in files:
        try:
            for _ in _scan([file]).collect_batches(lazy=True):
                pass
        except POLARS_ERRORS:
            return file.label
    return None
