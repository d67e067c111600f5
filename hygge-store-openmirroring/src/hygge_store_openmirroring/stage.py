"""The stage of one mirrored table: frames are made what Fabric takes, then staged like any other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import polars as pl

from hygge_core.errors import StoreError
from hygge_core.polish.column import column
from hygge_core.staging.keys import leaving_keys
from hygge_store_openmirroring.published_rows import after, differences
from hygge_store_openmirroring.remembered import remember
from hygge_store_openmirroring.row_markers import DELETE, INSERT, ROW_MARKER, UPSERT
from hygge_store_openmirroring.types.markers import marker_of
from hygge_store_openmirroring.types.unfit import refusing


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygge_core.commit import CommitRecord, Mode, Part, Receipt, Staged, Table, TableRun
    from hygge_core.staging.history import History
    from hygge_core.staging.stage import FileStage
    from hygge_core.staging.writer import PartWriter
    from hygge_store_openmirroring.published_rows import PublishedRows
    from hygge_store_openmirroring.publishing.strategies import Strategy
    from hygge_store_openmirroring.types.encoding import Encoding


_SAMPLE_ROWS = 50_000


class MirrorWriter:
    """One stream of rows, encoded on its way."""

    def __init__(self, writer: PartWriter, encoding: Encoding, where: str) -> None:
        self._writer = writer
        self._encoding = encoding
        self._where = where

    def write(self, batch: pl.DataFrame) -> None:
        """Add the batch's rows. Raises `StoreError` for values that Fabric cannot hold."""
        with refusing(self._where):
            encoded = self._encoding.encode(batch)
        self._writer.write(encoded)

    def close(self) -> Sequence[Part]:
        """Finish and return the parts."""
        return self._writer.close()


class MirrorStage:
    """Rows on their way into one mirrored table.

    ``files`` is the stage of the files themselves, opened for the encoded columns.  ``rows`` keeps what is
    published, if anybody does; with ``inserts`` incremental rows of keys that are not there are inserted, and
    with ``diff`` a replacement becomes the changes that lead to it.
    """

    def __init__(  # noqa: PLR0913 - one place where all that is known of the table comes together
        self,
        files: FileStage,
        *,
        table: Table,
        run: TableRun,
        encoding: Encoding,
        key: tuple[str, ...],
        history: History,
        strategy: Strategy,
        rows: PublishedRows | None,
        inserts: bool,
        diff: bool,
        where: str,
    ) -> None:
        self._files = files
        self._table = table
        self._token = run.token
        self._encoding = encoding
        self._key = key
        self._history = history
        self._strategy = strategy
        self._rows = rows
        self._inserts = inserts
        self._diff = diff
        self._where = where

    def writer(self) -> MirrorWriter:
        """Open one more stream of rows."""
        return MirrorWriter(self._files.writer(), self._encoding, self._where)

    def sink(
        self, frame: pl.LazyFrame, *, sample: pl.DataFrame | None = None, watch: Callable[[int], None] | None = None
    ) -> Sequence[Part]:
        """Stream the frame into parts. Raises `StoreError` for values that Fabric cannot hold."""
        with refusing(self._where):
            encoded = None if sample is None else self._encoding.encode(sample)
            return self._files.sink(self._encoding.encode(frame), sample=encoded, watch=watch)

    def rows(self, parts: Sequence[Part]) -> pl.LazyFrame:
        """Return the rows of staged parts as they are staged, without their markers."""
        return self._files.rows(parts).drop(ROW_MARKER, strict=False)

    def merge(
        self,
        parts: Sequence[Part],
        *,
        key: Sequence[str],
        deleted: pl.LazyFrame | None = None,
        watch: Callable[[int], None] | None = None,
    ) -> Sequence[Part]:
        """Return the files of changes: rows to delete, then rows that came. Nothing else of the table is touched."""
        self._demand_key(key)
        with refusing(self._where):
            return self._changes(parts, None if deleted is None else self._encoded_keys(deleted), watch)

    def _changes(
        self, parts: Sequence[Part], left: pl.LazyFrame | None, watch: Callable[[int], None] | None
    ) -> Sequence[Part]:
        names = [column(name) for name in self._key]
        if not isinstance(self._encoding.marker, str):  # rows with markers of their own may change a key repeatedly
            came = leaving_keys(self.rows(parts), None, key=self._key, where=self._where).lazy()
            left = None if left is None else left.join(came, on=names, how="anti")
        changes = [part for part in parts if part.rows]
        if self._rows and (before := self._rows.last(self._history)) is not None:
            state = self._rows.of(self.rows(parts))
            self._rows.keep(after(before, state, left, self._key), self._token)
            if self._inserts:
                changes = self._told_apart(changes, before, watch)
        return changes if left is None else [*self._files.sink(self._deleting(left), watch=watch), *changes]

    def seal(self, parts: Sequence[Part]) -> Staged:
        """Give every part its number and make all durable."""
        table = self._table
        if table.mode == "replace" and self._rows:
            leaving_keys(self.rows(parts), None, key=self._key, where=self._where)
            before = self._rows.last(self._history) if self._diff else None
            self._rows.keep(self._rows.of(self.rows(parts)), self._token)
            if before is not None:
                parts, table = self._differing(parts, before), attrs.evolve(table, mode="upsert")
        named = self._strategy.named(parts, table.mode, self._token, self._history)
        sealed = self._files.seal(named)
        return attrs.evolve(sealed, table=table)

    def commit(self, staged: Staged, record: CommitRecord) -> Receipt:
        """Write the record, then publish."""
        files = attrs.evolve(staged, table=attrs.evolve(staged.table, mode=mode_of_files(staged.table)))
        receipt = self._files.commit(files, record)
        remember(self._history)
        if self._rows:
            self._rows.sweep(self._history)
        return receipt

    def _differing(self, parts: Sequence[Part], before: pl.LazyFrame) -> Sequence[Part]:
        """Stage the changes that make the published table the one of the parts."""
        if self._rows is None:
            return parts
        rows = self.rows(parts).with_columns(marker_of(UPSERT))
        others, gone = differences(self._rows.read(self._token), before, self._key)
        upserted = rows.join(others, on=[column(name) for name in self._key], how="semi")
        sample = rows.head(_SAMPLE_ROWS).collect()  # any rows tell their size; those that differ would be sought twice
        staged = [*self._files.sink(self._deleting(gone)), *self._files.sink(upserted, sample=sample)]
        return [part for part in staged if part.rows]

    def _told_apart(
        self, parts: Sequence[Part], before: pl.LazyFrame, watch: Callable[[int], None] | None
    ) -> list[Part]:
        """Stage rows anew of which only those with keys that the table does not have are inserted."""
        names, rows = [column(name) for name in self._key], self.rows(parts)
        there = before.select(names)
        fresh = rows.join(there, on=names, how="anti").with_columns(marker_of(INSERT))
        known = rows.join(there, on=names, how="semi").with_columns(marker_of(UPSERT))
        staged = [*self._files.sink(known, watch=watch), *self._files.sink(fresh, watch=watch)]
        return [part for part in staged if part.rows]

    def abort(self) -> None:
        """Leave nothing."""
        self._files.abort()

    def _demand_key(self, key: Sequence[str]) -> None:
        if set(key) != set(self._key):
            raise StoreError(
                f"key_columns are {list(self._key)}, and rows are followed by {list(key)}",
                where=self._where,
                fix="name the same columns in both, as the polish names them",
            )

    def _encoded_keys(self, keys: pl.LazyFrame) -> pl.LazyFrame:
        """Return keys as the files have them."""
        source = pl.Schema({name: self._encoding.source[name] for name in self._key})
        typed = keys.select(column(name).cast(dtype) for name, dtype in source.items())
        target = pl.Schema({name: self._encoding.target[name] for name in self._key})
        return attrs.evolve(self._encoding, source=source, target=target, marker=None).encode(typed)

    def _deleting(self, keys: pl.LazyFrame) -> pl.LazyFrame:
        """Make rows of nothing but keys, to be deleted."""
        others = (
            column(name) if name in self._key else pl.lit(None, dtype).alias(name)
            for name, dtype in self._encoding.target.items()
        )
        return keys.select(*others, marker_of(DELETE))


def mode_of_files(table: Table) -> Mode:
    """Say what happens to the files of the folder: those of an upsert come beside the others."""
    return "replace" if table.mode == "replace" else "append"
