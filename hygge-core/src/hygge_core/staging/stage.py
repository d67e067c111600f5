"""The stage of one table in a lake: rows wait in a folder that no reader looks into."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import attrs
import polars as pl

from hygge_core.commit import Receipt, Staged
from hygge_core.errors import CommitConflict, StoreError
from hygge_core.schema import schema_of
from hygge_core.staging import take
from hygge_core.staging.check import demand
from hygge_core.staging.footer import row_count
from hygge_core.staging.foreign import refuse_foreign, visible
from hygge_core.staging.merge import Merge
from hygge_core.staging.publish import publish
from hygge_core.staging.rows import scan
from hygge_core.staging.sink import PartSink
from hygge_core.staging.writer import PartWriter


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import ExitStack

    from hygge_core.commit import CommitRecord, Part, Table, TableRun
    from hygge_core.staging.folder import TableFolder
    from hygge_core.staging.place import Place


_PARTS_OF_A_SERIES = 100_000


class FileStage:
    """Rows on their way into one table of a `FileStore`.

    ``held`` is let go when the stage ends: a lease, if the stage had to take it itself.
    ``check`` raises `Locked` once the table may be another writer's, and is asked before each visible change.
    ``retire`` is told of the attempt whose folder is not needed any more.
    """

    def __init__(  # noqa: PLR0913 - what a stage has of its store, each by its name
        self,
        folder: TableFolder,
        table: Table,
        run: TableRun,
        *,
        held: ExitStack,
        check: Callable[[], None],
        retire: Callable[[Place, str], None],
    ) -> None:
        self._folder = folder
        self._retire = retire
        self._table = table
        self._run = run
        self._held = held
        self._check = check
        self._base = folder.history.last_sequence()
        self._schema = schema_of(table.columns)
        self._series = itertools.count()
        self._writers: list[PartWriter] = []
        self._written: set[Part] = set()
        self._merged = False
        self._data = folder.place.data(run.token)
        refuse_foreign(folder, table.mode)

    def writer(self) -> PartWriter:
        """Open one more stream of rows."""
        if self._writers and not self._folder.layout.rotates:
            raise StoreError(
                "a table of one file is written by one writer", where=self._where, fix='or use layout = "folder"'
            )
        writer = PartWriter(self._sink(), self._schema)
        self._writers.append(writer)
        return writer

    def sink(
        self, frame: pl.LazyFrame, *, sample: pl.DataFrame | None = None, watch: Callable[[int], None] | None = None
    ) -> tuple[Part, ...]:
        """Stream the frame into parts."""
        parts = self._sink().write(frame, sample=sample, watch=watch)
        self._written.update(parts)
        return parts

    def accepts(self, paths: Sequence[str]) -> bool:
        """Say whether the files already are what this stage would have written."""
        one_file = self._folder.layout.rotates or len(paths) == 1
        return one_file and take.accepts(paths, self._schema, self._folder.options)

    def take(self, path: str) -> Part:
        """Copy the file's bytes into a part."""
        name, verify = self._name(next(self._series), 0), self._folder.options.verify
        part = take.take(self._folder.lake, path, self._data, name, verify)
        self._written.add(part)
        return part

    def rows(self, parts: Sequence[Part]) -> pl.LazyFrame:
        """Return the rows of staged parts; those without rows may be gone after a merge."""
        paths = [part.staged for part in parts if part.rows]
        return scan(self._folder.lake, paths) if paths else pl.LazyFrame(schema=self._schema)

    def merge(
        self,
        parts: Sequence[Part],
        *,
        key: Sequence[str],
        deleted: pl.LazyFrame | None = None,
        watch: Callable[[int], None] | None = None,
    ) -> tuple[Part, ...]:
        """Put the table's next state together from what comes and what stays."""
        if "upsert" not in self._folder.layout.modes:
            raise StoreError("cannot upsert", where=self._where, fix='use layout = "folder", or run_type = "full_drop"')
        name = partial(self._name, next(self._series))
        merge = Merge(table=self._folder, columns=self._schema, sink=self._sink(), name=name, watch=watch)
        try:
            merged = merge.run(parts, key=key, deleted=deleted)
        except (OSError, pl.exceptions.PolarsError) as error:
            what, fix = f"the rows could not be merged: {error}", "the old table is as it was; mend that and run again"
            raise StoreError(what, where=self._where, fix=fix) from error
        self._written.update(merged)
        self._merged = True
        return merged

    def seal(self, parts: Sequence[Part]) -> Staged:
        """Check that every part is in its place; one that this object did not write is read from end to end."""
        if self._table.mode == "upsert" and not self._merged and visible(self._folder):
            raise StoreError(
                "an upsert was to be sealed that was not merged, and would replace the whole table",
                where=self._where,
                fix="merge the parts first; this is a fault of whoever seals them",
            )
        if not self._folder.layout.rotates and len(parts) != 1:
            raise StoreError(
                f"{len(parts)} parts were staged for a table of one file",
                where=self._where,
                fix='write with one writer, or use layout = "folder"',
            )
        written = {_unnamed(part) for part in self._written.union(*(writer.parts for writer in self._writers))}
        for part in parts:
            self._demand(part, deep=_unnamed(part) not in written)
        return Staged(table=self._table, run=self._run, parts=tuple(parts))

    def commit(self, staged: Staged, record: CommitRecord) -> Receipt:
        """Write the record, then make the parts visible, then end the commit."""
        history = self._folder.history
        ended = history.ended(record.run.token)
        if ended and ended.parts != staged.parts:
            raise CommitConflict(
                f"run {record.run.id} has committed other rows than these", where=self._where, fix="start a new run"
            )
        if ended is None:
            pending = history.pending()
            if pending is None:
                pending = self._complete(staged, record)
                self._check()
                history.begin(pending)
            elif pending.run.token != record.run.token:
                raise CommitConflict(
                    f"the commit of run {pending.run.id} has begun and not ended", where=self._where, fix="run again"
                )
            publish(self._folder, pending, deep=False, check=self._check)
            ended = pending
        self._retire(self._folder.place, ended.run.token)
        self._held.close()
        return Receipt(record=ended, location=self._where)

    def abort(self) -> None:
        """Leave nothing, unless the commit has begun: then the next run finishes it."""
        for writer in self._writers:
            writer.abandon()
        history = self._folder.history
        pending = history.pending()
        if not (pending and pending.run.token == self._run.token) and history.ended(self._run.token) is None:
            self._folder.lake.delete_directory(self._folder.place.stage(self._run.token))
        self._held.close()

    def _demand(self, part: Part, *, deep: bool) -> None:
        lake = self._folder.lake
        demand(lake, part.staged, part, deep=deep)
        if deep and (rows := row_count(lake, part.staged)) != part.rows:
            raise StoreError(
                f"holds {rows:,} rows, {part.rows:,} were staged", where=lake.url(part.staged), fix="run again"
            )

    def _complete(self, staged: Staged, record: CommitRecord) -> CommitRecord:
        removes = refuse_foreign(self._folder, staged.table.mode)
        return attrs.evolve(
            record,
            parts=staged.parts,
            sequence=self._base + 1,
            removes=tuple(removes),
            committed_at=datetime.now(UTC),
        )

    def _sink(self) -> PartSink:
        return PartSink(
            lake=self._folder.lake,
            folder=self._data,
            options=self._folder.options,
            name=partial(self._name, next(self._series)),
            rotates=self._folder.layout.rotates,
        )

    def _name(self, series: int, index: int) -> str:
        """Name a part by its writer and its place in that writer's stream, so that names sort as rows came."""
        number = series * _PARTS_OF_A_SERIES + index
        return self._folder.layout.name(self._folder.place.table, self._run.token, number)

    @property
    def _where(self) -> str:
        return self._folder.lake.url(self._folder.place.table)


def _unnamed(part: Part) -> Part:
    """Leave out the name, which a store may give when it seals."""
    return attrs.evolve(part, name="")
