"""Parquet files as one table: read as they are, with columns united by name."""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from hygge_core import HomeError
from hygge_core.schema import text_of
from hygge_home_files.columns import unite
from hygge_home_files.home import FilesHome
from hygge_home_files.opening import POLARS_ERRORS, first_line, watching
from hygge_home_files.reading import FrameReading
from hygge_home_files.scratch import Scratch
from hygge_home_files.sources import Sources


if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from hygge_core.home import Finding, ReadRequest
    from hygge_home_files.config import ParquetConfig


_ENDINGS = (".parquet", ".pq")
_MAGIC = b"PAR1"


@frozen(kw_only=True)
class ParquetHome:
    """A `FilesHome` that can also count rows, from the footers."""

    files: FilesHome

    def locate(self, request: ReadRequest) -> str:
        """Return the path or glob of one entity."""
        return self.files.locate(request)

    def read(self, request: ReadRequest) -> FrameReading:
        """Open the files of one entity as one table. Raises `HomeError`."""
        return self.files.read(request)

    def count(self, request: ReadRequest) -> int:
        """Add up the row counts in the files' footers. Raises `HomeError`."""
        return sum(_rows(path) for path in self.files.sources.find(request))

    def discover(self) -> Iterator[str]:
        """Yield the entities that have files now."""
        return self.files.discover()

    def probe(self, entity: str, flow: str = "") -> Iterator[Finding]:
        """Find the files, open them, and say what is in them."""
        return self.files.probe(entity, flow)

    def close(self) -> None:
        """Do nothing: files are held by readings only."""


def open_parquet(settings: ParquetConfig, project: Path) -> ParquetHome:
    """Open a home of Parquet files."""
    sources = Sources(path=settings.path, project=project, suffixes=_ENDINGS)
    return ParquetHome(files=FilesHome(sources=sources, open_table=partial(_open_table, settings)))


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
        return FrameReading(
            frame=_united(schemas, schema),
            schema=schema,
            watched=watched,
            batch_bytes=request.batch_bytes,
            where=str(paths[0]) if len(paths) == 1 else settings.path,
            scratch=scratch,
            rows=sum(_rows(path) for path in paths),
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


def _rows(path: Path) -> int:
    _schema(path)
    try:
        return int(_scan([path]).select(pl.len()).collect(engine="streaming").item())
    except POLARS_ERRORS as error:
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
