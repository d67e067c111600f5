"""What one Parquet file of a table breaks by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from hygge_core.parquet.footer import read_footer
from hygge_core.parquet.schema import read_schema
from hygge_store_openmirroring.lint.rules import Finding
from hygge_store_openmirroring.lint.types import trouble
from hygge_store_openmirroring.row_markers import INSERT, MARKERS, ROW_MARKER, UPDATE, UPSERT


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.lake import Entry, Lake
    from hygge_core.parquet.schema import Declared


_CODECS = frozenset({"uncompressed", "snappy", "gzip", "zstd"})


@frozen(kw_only=True)
class Looked:
    """A file that could be opened: its columns but the marker, and its keys with their markers if it has any."""

    path: str
    columns: tuple[Declared, ...]
    keys: pl.DataFrame


def look(zone: Lake, entry: Entry, key: Sequence[str]) -> tuple[Looked | None, list[Finding]]:
    """Look into a file. Returns what was seen, None for one that cannot be opened, and what it breaks."""
    try:
        with zone.open(entry.path) as file:
            codecs, declared = read_footer(file).codecs, read_schema(file)
            file.seek(0)
            names = [column.name for column in declared if not column.nested]
            rows = pl.read_parquet(file, columns=names)
    except (ValueError, pl.exceptions.PolarsError) as error:
        what = "has no bytes" if not entry.size else f"cannot be read: {error}"
        return None, [Finding(path=entry.path, code="E07", what=what)]
    found = [Finding(path=entry.path, code=code, what=what) for code, what in _broken(declared, codecs, rows, key)]
    columns = tuple(column for column in declared if column.name != ROW_MARKER)
    keys = rows.select(name for name in (*key, ROW_MARKER) if name in rows.columns)
    marker = [pl.col(ROW_MARKER).cast(pl.Int64, strict=False)] if ROW_MARKER in keys.columns else []
    return Looked(path=entry.path, columns=columns, keys=keys.with_columns(marker)), found


def _broken(
    declared: Sequence[Declared], codecs: frozenset[str], rows: pl.DataFrame, key: Sequence[str]
) -> Iterator[tuple[str, str]]:
    data = [column for column in declared if column.name != ROW_MARKER]
    yield from (said for column in data if (said := trouble(column)))
    yield from (("E15", f"codec {codec}") for codec in sorted(codecs - _CODECS))
    yield from (
        ("W02", f"column {column.name!r} is not nullable") for column in data if column.repetition == "required"
    )
    names = [column.name for column in declared]
    yield from (("E03", f"key column {name!r} is missing") for name in key if name not in names)
    yield from _twins(names)
    if ROW_MARKER in names:
        if names[-1] != ROW_MARKER:
            yield "E08", f"{ROW_MARKER} is column {names.index(ROW_MARKER) + 1} of {len(names)}"
        yield from _marked(rows, key)


def _twins(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for name in names:
        if seen.setdefault(name.lower(), name) != name:
            yield "E20", f"columns {seen[name.lower()]!r} and {name!r}"


def _marked(rows: pl.DataFrame, key: Sequence[str]) -> Iterator[tuple[str, str]]:
    marker = rows[ROW_MARKER]
    if not marker.dtype.is_integer():
        yield "W13", f"{ROW_MARKER} is {marker.dtype}"
        marker = marker.cast(pl.Int64, strict=False)
    wrong = marker.filter(~marker.is_in(sorted(MARKERS)).fill_null(value=False))
    if wrong.len():
        yield "E09", f"{ROW_MARKER} holds {wrong[0]}"
    changing = rows.filter(marker != INSERT)
    if changing.height and not key:
        yield "E10", f"{changing.height:,} rows change others, and there are no keyColumns"
    elif rows.height and not changing.height:
        yield "W03", "every row is an insert"
    for name in key:
        if name in rows.columns and (nulls := changing[name].null_count()):
            yield "E11", f"key column {name!r} is null in {nulls:,} rows"
    yield from _hollow(rows.filter(marker.is_in([UPDATE, UPSERT])), key)


def _hollow(updated: pl.DataFrame, key: Sequence[str]) -> Iterator[tuple[str, str]]:
    others = [name for name in updated.columns if name not in {*key, ROW_MARKER}]
    if others and (hollow := updated.filter(pl.all_horizontal(pl.col(others).is_null())).height):
        yield "W09", f"{hollow:,} updates hold nothing but keys"
