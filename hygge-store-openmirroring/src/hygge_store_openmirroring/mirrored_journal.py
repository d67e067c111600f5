"""The project's journal as a mirrored table, so that whoever reads the tables in Fabric sees how they came there.

Once after a run, the records that the table does not have yet are published; which those are is known from
the ids that are kept beside it, so none is lost or published for nothing, whatever happened to runs before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.commit import CommitRecord, Table
from hygge_core.schema import columns_of


if TYPE_CHECKING:
    import polars as pl

    from hygge_core.commit import Mode, TableRun
    from hygge_store_openmirroring.stage import MirrorStage
    from hygge_store_openmirroring.store import MirrorStore


KEY = ("id",)


@frozen(kw_only=True)
class MirroredJournal:
    """The table of the journal; ``store`` is one of its own, which keeps the keys of what it published."""

    store: MirrorStore
    name: str

    @property
    def place(self) -> str:
        """The address of the table's folder in the landing zone."""
        return self.store.locate(Table(name=self.name))

    def publish(self, records: pl.DataFrame, run: TableRun) -> int:
        """Publish the records that the table lacks; returns how many. Raises `StoreError`, `Locked`."""
        table = Table(name=self.name, key=KEY)
        with self.store.lease(table, run):
            self.store.recover(table)
            known = self.store.keys(table, KEY)
            new = records if known is None else records.join(known.collect(), on=KEY, how="anti")
            if new.height:
                self._commit(new, run, first=known is None)
        return new.height

    def close(self) -> None:
        """Let go of everything held."""
        self.store.close()

    def _commit(self, records: pl.DataFrame, run: TableRun, *, first: bool) -> None:
        mode: Mode = "replace" if first else "upsert"
        table = Table(name=self.name, key=KEY, columns=columns_of(records.schema), mode=mode)
        stage = self.store.stage(table, run)
        try:
            _fill(stage, records, run, first=first)
        except BaseException:
            stage.abort()
            raise


def _fill(stage: MirrorStage, records: pl.DataFrame, run: TableRun, *, first: bool) -> None:
    writer = stage.writer()
    writer.write(records)
    parts = writer.close()
    staged = stage.seal(parts if first else stage.merge(parts, key=KEY))
    stage.commit(staged, CommitRecord(run=run, table=staged.table, parts=staged.parts))
