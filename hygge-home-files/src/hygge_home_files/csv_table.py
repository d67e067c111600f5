"""CSV files as one table: opened, surveyed, cleaned if need be, and scanned."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from hygge_core import HomeError
from hygge_core.schema import dtype_of
from hygge_home_files.columns import unite
from hygge_home_files.csv_cleaning import cleaned
from hygge_home_files.csv_layout import alike, layout_of
from hygge_home_files.csv_scan import rows
from hygge_home_files.csv_survey import survey
from hygge_home_files.faults import Tally
from hygge_home_files.home import FilesHome
from hygge_home_files.opening import POLARS_ERRORS, plain_pieces, scratch_in, watching, with_compression
from hygge_home_files.places import sources_of
from hygge_home_files.reading import FrameReading


if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hygge_core.home import ReadRequest
    from hygge_core.plugin import Context
    from hygge_home_files.config import CsvConfig
    from hygge_home_files.csv_layout import Layout
    from hygge_home_files.csv_survey import Survey
    from hygge_home_files.files import File
    from hygge_home_files.scratch import Scratch


_ENDINGS = (".csv", ".tsv")


@frozen(kw_only=True)
class _Surveyed:
    """The sound layouts of a table, in groups that one scan reads, and what is known of them."""

    groups: Sequence[Sequence[Layout]]
    survey: Survey
    tally: Tally


def open_csv(settings: CsvConfig, context: Context) -> FilesHome:
    """Open a home of CSV files."""
    sources = sources_of(settings, with_compression(_ENDINGS), context)
    return FilesHome(sources=sources, open_table=partial(_open_table, settings, context.project))


def _open_table(settings: CsvConfig, project: Path, files: tuple[File, ...], request: ReadRequest) -> FrameReading:
    scratch = scratch_in(settings.scratch, project)
    with watching(files, scratch) as watched:
        pieces = plain_pieces(files, _ENDINGS, settings.encoding, scratch)
        declared = {name: dtype_of(text) for name, text in settings.columns.items()}
        found = {piece.label: layout_of(piece, settings) for piece in pieces}
        layouts = [layout for layout in found.values() if layout is not None]
        table = _surveyed(layouts, declared, settings, scratch)
        dtypes = _columns(table, declared, settings, files[0].label)
        frames = [rows(group, dtypes, settings, sound=not table.survey.bad) for group in table.groups]
        empty = [f"{label} is empty" for label, layout in found.items() if layout is None]
        return FrameReading(
            frame=pl.concat(frames) if frames else pl.LazyFrame(schema=dtypes),
            schema=pl.Schema(dtypes),
            watched=watched,
            batch_bytes=request.batch_bytes,
            where=files[0].label if len(files) == 1 else settings.path,
            scratch=scratch,
            rows=table.survey.rows,
            warnings=(*empty, *table.tally.warnings(settings.bad_rows)),
        )


def _surveyed(
    layouts: Sequence[Layout], declared: Mapping[str, pl.DataType], settings: CsvConfig, scratch: Scratch
) -> _Surveyed:
    """Survey the files as they are; only if something is wrong, go through them record by record."""
    tally = Tally()
    groups = list(alike(layouts))
    try:
        found = survey(groups, declared, settings)
    except POLARS_ERRORS:
        found = None
    if found is None or found.bad or not found.whole:
        groups = list(alike([cleaned(layout, declared, settings, scratch, tally) for layout in layouts]))
        found = survey(groups, declared, settings)
    return _Surveyed(groups=groups, survey=found, tally=tally)


def _columns(
    table: _Surveyed, declared: Mapping[str, pl.DataType], settings: CsvConfig, where: str
) -> dict[str, pl.DataType]:
    """Return the table's columns with their dtypes, in order."""
    headers = [(layout.piece.label, layout.names) for group in table.groups for layout in group]
    known = {**declared, **table.survey.dtypes}
    if not headers:
        if not known:
            raise HomeError("no file has a line, so the columns are unknown", where=where, fix="declare 'columns'")
        return known
    names = unite(headers, declared=declared, missing=settings.missing_columns, extra=settings.extra_columns)
    return {name: known[name] for name in names}
