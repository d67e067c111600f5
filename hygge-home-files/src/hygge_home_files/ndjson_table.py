"""JSON lines as one table: every line read once to know the types, then scanned by Polars."""

from __future__ import annotations

import glob
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
import polars.selectors as cs

from hygge_core import HomeError
from hygge_core.schema import dtype_of
from hygge_core.texts import read_as
from hygge_home_files.faults import Tally
from hygge_home_files.home import FilesHome
from hygge_home_files.ndjson_lines import Lines
from hygge_home_files.opening import plain_pieces, scratch_in, watching, with_compression
from hygge_home_files.places import sources_of
from hygge_home_files.reading import FrameReading


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hygge_core.home import ReadRequest
    from hygge_core.plugin import Context
    from hygge_home_files.archives import Piece
    from hygge_home_files.config import NdjsonConfig
    from hygge_home_files.files import File


_ENDINGS = (".ndjson", ".jsonl")


def open_ndjson(settings: NdjsonConfig, context: Context) -> FilesHome:
    """Open a home of JSON lines."""
    sources = sources_of(settings, with_compression(_ENDINGS), context)
    return FilesHome(sources=sources, open_table=partial(_open_table, settings, context.project))


def _open_table(settings: NdjsonConfig, project: Path, files: tuple[File, ...], request: ReadRequest) -> FrameReading:
    scratch = scratch_in(settings.scratch, project)
    with watching(files, scratch) as watched:
        declared = {name: dtype_of(text) for name, text in settings.columns.items()}
        tally = Tally()
        lines = Lines(declared, settings, scratch, tally)
        pieces = [lines.examine(piece) for piece in plain_pieces(files, _ENDINGS, settings.encoding, scratch)]
        schema = _schema(lines, declared, files[0].label)
        absent = [f"column {name!r} of 'columns' is in no line" for name in declared if name not in lines.columns]
        return FrameReading(
            frame=_scan(pieces, schema, declared),
            schema=schema,
            watched=watched,
            batch_bytes=request.batch_bytes,
            where=files[0].label if len(files) == 1 else settings.path,
            scratch=scratch,
            rows=lines.rows,
            warnings=(*absent, *tally.warnings(settings.bad_rows)),
        )


def _schema(lines: Lines, declared: Mapping[str, pl.DataType], where: str) -> pl.Schema:
    names = dict.fromkeys((*lines.columns, *declared))
    if not names:
        raise HomeError("no line has a key, so the columns are unknown", where=where, fix="declare 'columns'")
    return pl.Schema({name: declared.get(name) or lines.columns[name].dtype(name) for name in names})


def _scan(pieces: Sequence[Piece], schema: pl.Schema, declared: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """Scan the files; declared columns come as text and are read as text is everywhere else."""
    parsed = {name: pl.String() if name in declared else dtype for name, dtype in schema.items()}
    # This scan takes brackets and stars for a pattern and cannot be told otherwise.
    paths = [glob.escape(str(piece.path)) for piece in pieces]
    read = [read_as(cs.by_name(name).as_expr(), dtype).alias(name) for name, dtype in declared.items()]
    return pl.scan_ndjson(paths, schema=parsed).with_columns(read)
