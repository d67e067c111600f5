"""The stage of one mirrored table: frames are made what Fabric takes, then staged like any other files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import polars as pl

from hygge_core.errors import StoreError
from hygge_core.polish.column import column
from hygge_core.staging.keys import leaving_keys
from hygge_store_openmirroring.publishing.numbering import numbered
from hygge_store_openmirroring.row_markers import DELETE, ROW_MARKER


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygge_core.commit import CommitRecord, Mode, Part, Receipt, Staged, Table
    from hygge_core.staging.stage import FileStage
    from hygge_core.staging.writer import PartWriter
    from hygge_store_openmirroring.types.encoding import Encoding


class MirrorWriter:
    """One stream of rows, encoded on its way."""

    def __init__(self, writer: PartWriter, encoding: Encoding, where: str) -> None:
        self._writer = writer
        self._encoding = encoding
        self._where = where

    def write(self, batch: pl.DataFrame) -> None:
        """Add the batch's rows. Raises `StoreError` for values that Fabric cannot hold."""
        try:
            encoded = self._encoding.encode(batch)
        except (ValueError, pl.exceptions.PolarsError) as error:
            raise _unfit(error, self._where) from error
        self._writer.write(encoded)

    def close(self) -> Sequence[Part]:
        """Finish and return the parts."""
        return self._writer.close()


class MirrorStage:
    """Rows on their way into one mirrored table.

    ``files`` is the stage of the files themselves, opened for the encoded columns.  ``first`` tells the number
    of the first file, and is asked when the stage is sealed.
    """

    def __init__(  # noqa: PLR0913 - one place where all that is known of the table comes together
        self,
        files: FileStage,
        *,
        table: Table,
        encoding: Encoding,
        key: tuple[str, ...],
        first: Callable[[], int],
        where: str,
    ) -> None:
        self._files = files
        self._table = table
        self._encoding = encoding
        self._key = key
        self._first = first
        self._where = where

    def writer(self) -> MirrorWriter:
        """Open one more stream of rows."""
        return MirrorWriter(self._files.writer(), self._encoding, self._where)

    def sink(
        self, frame: pl.LazyFrame, *, sample: pl.DataFrame | None = None, watch: Callable[[int], None] | None = None
    ) -> Sequence[Part]:
        """Stream the frame into parts."""
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
        """Return the files of changes: rows to delete, then rows to upsert. Nothing else of the table is touched."""
        self._demand_key(key)
        leaving_keys(self.rows(parts), None, key=key, where=self._where)
        changed = [part for part in parts if part.rows]
        if deleted is None:
            return changed
        return [*self._files.sink(self._deleting(deleted), watch=watch), *changed]

    def seal(self, parts: Sequence[Part]) -> Staged:
        """Give every part its number and make all durable."""
        sealed = self._files.seal(numbered(parts, self._first()))
        return attrs.evolve(sealed, table=self._table)

    def commit(self, staged: Staged, record: CommitRecord) -> Receipt:
        """Write the record, then publish."""
        files = attrs.evolve(staged, table=attrs.evolve(staged.table, mode=mode_of_files(staged.table)))
        return self._files.commit(files, record)

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

    def _deleting(self, deleted: pl.LazyFrame) -> pl.LazyFrame:
        """Make rows of nothing but keys, to be deleted."""
        key = pl.Schema({name: self._encoding.source[name] for name in self._key})
        typed = deleted.select(column(name).cast(dtype) for name, dtype in key.items())
        encoded = attrs.evolve(
            self._encoding, source=key, target=pl.Schema({name: self._encoding.target[name] for name in key})
        ).encode(typed)
        return encoded.select(
            *(
                column(name) if name in key else pl.lit(None, dtype).alias(name)
                for name, dtype in self._encoding.target.items()
            ),
            pl.lit(DELETE, pl.Int32()).alias(ROW_MARKER),
        )


def mode_of_files(table: Table) -> Mode:
    """Say what happens to the files of the folder: those of an upsert come beside the others."""
    return "replace" if table.mode == "replace" else "append"


def _unfit(error: Exception, where: str) -> StoreError:
    return StoreError(f"a row cannot be mirrored: {error}", where=where, fix="the mirrored table is as it was")
