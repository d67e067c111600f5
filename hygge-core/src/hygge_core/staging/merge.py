"""Replacing rows by key in a folder of files: what changes is written anew, all else is carried over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from attrs import frozen

from hygge_core.errors import StoreError
from hygge_core.polish.column import column
from hygge_core.staging.carry import carry
from hygge_core.staging.keys import leaving_keys
from hygge_core.staging.present import present_files
from hygge_core.staging.rows import alike, scan


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygge_core.commit import Part
    from hygge_core.staging.folder import TableFolder
    from hygge_core.staging.present import PresentFile
    from hygge_core.staging.sink import PartSink


_SAMPLE_ROWS = 50_000
_SMALL = 4
_MOST_SMALL = 16
"""As many files below a quarter of the target size are written anew as few.  A row is then copied
a few times in its life, and a table of a thousand small upserts is not one of a thousand files."""


@frozen(kw_only=True)
class Merge:
    """One upsert of a table: ``sink`` writes new files, with ``columns``, and ``name`` names those that stay."""

    table: TableFolder
    columns: pl.Schema
    sink: PartSink
    name: Callable[[int], str]
    watch: Callable[[int], None] | None = None

    def run(self, parts: Sequence[Part], *, key: Sequence[str], deleted: pl.LazyFrame | None) -> tuple[Part, ...]:
        """Return the parts of the table's next state: what is new first, then what is carried over.

        Keys are held in memory, rows are not.  Raises `StoreError` when a key is missing,
        null or comes twice, and when files of the table have columns that would be lost.
        """
        keys = leaving_keys(self._incoming(parts), deleted, key=key, where=self._where)
        touched, kept = self._divided(list(present_files(self.table, self.columns, keys)))
        written = self._written_anew(touched, keys) if touched else ()
        new = self._worth_keeping((*written, *parts), needed=not kept)
        return (*new, *carry(self.table.lake, self.table.place.table, kept, self.sink.folder, self.name))

    def _incoming(self, parts: Sequence[Part]) -> pl.LazyFrame:
        if not parts:
            return pl.LazyFrame(schema=self.columns)
        return scan(self.table.lake, [part.staged for part in parts])

    def _divided(self, files: Sequence[PresentFile]) -> tuple[list[PresentFile], list[Part]]:
        """Tell the files to write anew from those that stay."""
        stays = {file.path: file.part for file in files if file.part and not file.leaving}
        small = [path for path, part in stays.items() if part.size * _SMALL < self.table.options.file_size]
        if len(small) >= _MOST_SMALL:
            stays = {path: part for path, part in stays.items() if path not in small}
        return [file for file in files if file.path not in stays], list(stays.values())

    def _written_anew(self, files: Sequence[PresentFile], keys: pl.DataFrame) -> tuple[Part, ...]:
        groups = alike(self.table.lake, [file.path for file in files])
        rows = pl.concat([self._conformed(group.scan()) for group in groups])
        on = [column(name) for name in keys.columns]
        staying = rows.join(keys.lazy(), on=on, how="anti", maintain_order="left", build_side="prefer_right")
        parts = self.sink.write(staying, sample=rows.head(_SAMPLE_ROWS).collect(), watch=self.watch)
        found, expected = sum(part.rows for part in parts), sum(file.rows - file.leaving for file in files)
        if found != expected:
            raise StoreError(
                f"{expected:,} rows were to be written anew and {found:,} were", where=self._where, fix="report this"
            )
        return parts

    def _conformed(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Give a frame the table's columns; those that it lacks are null."""
        there = frame.collect_schema()
        return frame.select(
            (column(name) if name in there else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in self.columns.items()
        )

    def _worth_keeping(self, new: Sequence[Part], *, needed: bool) -> list[Part]:
        """Delete parts without rows, all but one where that one is ``needed`` for the table to be there."""
        full = [part for part in new if part.rows]
        keep = full or list(new[:1] if needed else ())
        for part in new:
            if part not in keep:
                self.table.lake.delete(part.staged)
        return keep

    @property
    def _where(self) -> str:
        return self.table.lake.url(self.table.place.table)
