"""What the files of one table break together: their names, their columns, their keys."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from hygge_store_openmirroring.file_names import FIRST, extension_of, number_of
from hygge_store_openmirroring.landing_zone import METADATA, PARTNER_EVENTS, PUT_ASIDE, is_hidden, last_name
from hygge_store_openmirroring.lint.files import look
from hygge_store_openmirroring.lint.rules import Finding
from hygge_store_openmirroring.lint.types import kind
from hygge_store_openmirroring.metadata import Metadata, MetadataError, read_metadata
from hygge_store_openmirroring.replicator.reading import read_file
from hygge_store_openmirroring.replicator.refusal import Refusal
from hygge_store_openmirroring.row_markers import DELETE, INSERT, ROW_MARKER


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.lake import Entry, Lake
    from hygge_core.parquet.schema import Declared
    from hygge_store_openmirroring.landing_zone import TableName
    from hygge_store_openmirroring.lint.files import Looked


_MANY_KEYS = 4


def lint_table(zone: Lake, table: TableName) -> Iterator[Finding]:
    """Yield what a table breaks."""
    entries = [entry for entry in zone.list(table.folder) if not entry.is_directory]
    if any(last_name(entry.path) == PARTNER_EVENTS for entry in entries):
        yield Finding(path=f"{table.folder}/{PARTNER_EVENTS}", code="W06", what="lies in the folder of a table")
    metadata = Metadata()
    try:
        metadata = read_metadata(zone.read(table.metadata))
        yield from _of_metadata(table, metadata)
    except FileNotFoundError:
        yield Finding(path=table.folder, code="E02", what=f"has no {METADATA}")
    except MetadataError as error:
        yield Finding(path=table.metadata, code="E02", what=str(error))
    data = [entry for entry in entries if not is_hidden(last_name(entry.path))]
    known = [entry for entry in data if extension_of(entry.path) in {"parquet", metadata.delimited.extension.lower()}]
    for entry in data:
        if entry not in known:
            yield Finding(path=entry.path, code="W07", what="is neither data nor hidden")
    if not known:
        yield Finding(path=table.folder, code="W11", what="has no data")
    yield from _names(zone, table, known, metadata)
    yield from _contents(zone, known, metadata)


def _of_metadata(table: TableName, metadata: Metadata) -> Iterator[Finding]:
    for name in metadata.unknown:
        yield Finding(path=table.metadata, code="W10", what=f"holds {name!r}")
    if len(metadata.key_columns) > _MANY_KEYS:
        yield Finding(path=table.metadata, code="W05", what=f"names {len(metadata.key_columns)} key columns")


def _names(zone: Lake, table: TableName, entries: Sequence[Entry], metadata: Metadata) -> Iterator[Finding]:
    if metadata.detection == "SequentialFileName":
        for entry in entries:
            if number_of(last_name(entry.path)) is None:
                yield Finding(path=entry.path, code="E04", what="has no number")
        yield from _sequence(zone, table, entries)
    else:
        yield from _times(entries)


def _sequence(zone: Lake, table: TableName, entries: Sequence[Entry]) -> Iterator[Finding]:
    """Look at the numbers, together with those of files that the service has put aside."""
    aside = [entry for folder in PUT_ASIDE for entry in zone.list(f"{table.folder}/{folder}")]
    found = {number_of(last_name(entry.path)) for entry in (*entries, *aside)}
    numbers = sorted(number for number in found if number is not None)
    if numbers and numbers[0] != FIRST and not aside:
        yield Finding(path=table.folder, code="E05", what=f"begins with number {numbers[0]}")
    for before, after in pairwise(numbers):
        if after != before + 1:
            yield Finding(path=table.folder, code="E06", what=f"has no file between {before} and {after}")


def _times(entries: Sequence[Entry]) -> Iterator[Finding]:
    seen: dict[int, str] = {}
    for entry in entries:
        if entry.modified and seen.setdefault(entry.modified, entry.path) != entry.path:
            yield Finding(path=entry.path, code="W08", what=f"has the time of {last_name(seen[entry.modified])}")


def _contents(zone: Lake, entries: Sequence[Entry], metadata: Metadata) -> Iterator[Finding]:
    looked: list[Looked] = []
    for entry in entries:
        if extension_of(entry.path) == "parquet":
            seen, found = look(zone, entry, metadata.key_columns)
            yield from found
            looked += [seen] if seen else []
        else:
            yield from _text(zone, entry, metadata)
    yield from _merged(looked)
    yield from _repeated(looked, metadata)


def _text(zone: Lake, entry: Entry, metadata: Metadata) -> Iterator[Finding]:
    try:
        read_file(zone, entry.path, entry.size, metadata.delimited)
    except Refusal as refusal:
        yield Finding(path=entry.path, code="E18" if entry.size else "E07", what=refusal.message)


def _merged(looked: Sequence[Looked]) -> Iterator[Finding]:
    """Compare each file with the union of those before it."""
    known: dict[str, Declared] = {}
    for file in looked:
        here = {column.name: column for column in file.columns}
        for name, column in here.items():
            before = known.get(name, column)
            if kind(before) != kind(column):
                what = f"column {name!r} is {kind(column)}, it was {kind(before)}"
                yield Finding(path=file.path, code="E12", what=what)
            elif before.repetition != column.repetition:
                what = f"column {name!r} is {column.repetition}, it was {before.repetition}"
                yield Finding(path=file.path, code="E13", what=what)
        for name, column in known.items():
            if name not in here and column.repetition == "required":
                yield Finding(path=file.path, code="E14", what=f"column {name!r} is missing")
        known = {**here, **known}


def _repeated(looked: Sequence[Looked], metadata: Metadata) -> Iterator[Finding]:
    """Look for inserts of keys that are there, which make duplicates."""
    key = list(metadata.key_columns)
    if not key or metadata.upsert_by_default:
        return
    there: pl.DataFrame | None = None
    for file in looked:
        if any(name not in file.keys.columns for name in key):
            return
        marker = pl.col(ROW_MARKER) if ROW_MARKER in file.keys.columns else pl.lit(INSERT)
        inserts = file.keys.filter(marker == INSERT).select(key)
        twice = inserts.height - inserts.unique().height
        if there is not None:
            twice += inserts.join(there, on=key, how="semi").height
        if twice:
            yield Finding(path=file.path, code="W04", what=f"inserts {twice:,} keys that are there")
        left = file.keys.filter(marker == DELETE).select(key)
        more = file.keys.filter(marker != DELETE).select(key)
        kept = more if there is None else pl.concat([there.join(left, on=key, how="anti"), more])
        there = kept.unique()
