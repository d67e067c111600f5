"""Tables in the landing zone of a mirrored database: the shared file store under this service's rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import attrs
from attrs import frozen

from hygge_core.errors import StoreError
from hygge_core.polish.column import column
from hygge_core.schema import columns_of, schema_of
from hygge_core.staging.history import History
from hygge_core.staging.place import Place
from hygge_core.staging.store import FileStore
from hygge_core.store import Capabilities, Promise
from hygge_core.template import fill
from hygge_store_openmirroring.landing_zone import PARTNER_EVENTS
from hygge_store_openmirroring.published_rows import PublishedRows
from hygge_store_openmirroring.publishing.layout import MirrorLayout
from hygge_store_openmirroring.publishing.strategies import ByNumber
from hygge_store_openmirroring.publishing.tables import Unknown
from hygge_store_openmirroring.remembered import known_columns
from hygge_store_openmirroring.row_markers import INSERT, UPSERT
from hygge_store_openmirroring.stage import MirrorStage, mode_of_files
from hygge_store_openmirroring.standing import demand_key, demand_same_table
from hygge_store_openmirroring.types.encoding import demand_fitting, encoding_of


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    import polars as pl

    from hygge_core.commit import CommitRecord, Recovery, Table, TableRun
    from hygge_core.home import Connection, Finding
    from hygge_core.lake import Lake
    from hygge_core.staging.options import FileOptions
    from hygge_store_openmirroring.mirrored_journal import MirroredJournal
    from hygge_store_openmirroring.publishing.rebuild import Rebuild
    from hygge_store_openmirroring.publishing.strategies import Strategy


@frozen(kw_only=True)
class Partner:
    """Who publishes, for ``_partnerEvents.json``, which Microsoft asks every publisher to write."""

    name: str = "hygge"
    source_type: str = "hygge"
    source_version: str = ""


class MirrorStore:
    """Tables of one mirrored database.

    ``zone`` is the folder ``LandingZone``; ``path`` is where tables lie in it and may hold ``{entity}`` and
    ``{flow}``.  ``key_columns`` are named as in the store; without any, those that the table's flow names.
    ``remembers`` keeps the keys of published rows, and with ``diff`` a replacement publishes only what differs.
    ``marker`` is the row marker of incremental rows, or the name of the column that has it.  ``journal`` is the
    table that the project's journal is mirrored to, if it is.
    """

    def __init__(  # noqa: PLR0913 - the settings of one store
        self,
        zone: Lake,
        *,
        path: str,
        key_columns: tuple[str, ...],
        options: FileOptions,
        rebuild: Rebuild,
        partner: Partner,
        remembers: bool = False,
        diff: bool = False,
        marker: int | str = UPSERT,
        strategy: Strategy | None = None,
        behind: Connection | None = None,
        journal: MirroredJournal | None = None,
    ) -> None:
        self._zone = zone
        self._journal = journal
        self._path = path
        self._key = key_columns
        self._partner = partner
        self._remembers = remembers
        self._diff = diff
        self._marker = marker
        self._layout = MirrorLayout(key_columns=key_columns, rebuild=rebuild, strategy=strategy or ByNumber())
        self._files = FileStore(zone, path=path, layout=self._layout, options=options, adopt=True, behind=behind)

    @property
    def capabilities(self) -> Capabilities:
        """What readers of the mirrored database get."""
        no_append = Promise(kept=False, reason='a mirrored table cannot be read back here; use write = "upsert"')
        return Capabilities(
            modes=frozenset({"replace", "upsert"}),
            atomic_replace=Promise(
                kept=False, reason="a mirrored table is dropped before it comes back; the rows wait staged meanwhile"
            ),
            atomic_append=no_append,
            atomic_upsert=self._upsert_promise(),
            stable_reads=Promise(kept=True, reason="readers read the mirrored database, not the landing zone"),
            single_writer=self._files.capabilities.single_writer,
            other={"unmixed": self._unmixed_promise()},
        )

    def _unmixed_promise(self) -> Promise:
        if isinstance(self._layout.rebuild.tables, Unknown):
            reason = (
                "nobody here can tell when the database has let go of the old table; `drop_wait` has to be long enough"
            )
            return Promise(kept=False, reason=reason)
        return Promise(kept=True, reason="new files wait until the database has let go of the old table")

    def _upsert_promise(self) -> Promise:
        if self._layout.strategy.whole:
            return Promise(kept=True, reason="the first file of a commit is renamed last, and the service waits for it")
        return Promise(
            kept=False, reason='with file_detection = "timestamp" the service takes each file of a commit as it comes'
        )

    def locate(self, table: Table) -> str:
        """Return the address of the table's folder in the landing zone."""
        return self._files.locate(table)

    def lease(self, table: Table, run: TableRun) -> AbstractContextManager[object]:
        """Hold the table against other writers."""
        return self._files.lease(table, run)

    def recover(self, table: Table) -> Recovery:
        """Finish the commit that was recorded, sweep stages that were not."""
        return self._files.recover(table)

    def last(self, table: Table) -> CommitRecord | None:
        """Return the newest commit."""
        return self._files.last(table)

    def commits(self, table: Table) -> Iterator[CommitRecord]:
        """Yield every commit of the table, the oldest first."""
        return self._files.commits(table)

    def probe(self, entity: str, flow: str = "") -> Iterator[Finding]:
        """Try out what a commit will need."""
        return self._files.probe(entity, flow)

    @property
    def journal_place(self) -> str:
        """The address of the journal's table, empty when the journal is not mirrored."""
        return self._journal.place if self._journal else ""

    def mirror_journal(self, records: pl.DataFrame, run: TableRun) -> int:
        """Publish the records that the journal's table lacks, and return how many."""
        return self._journal.publish(records, run) if self._journal else 0

    def close(self) -> None:
        """Let go of everything held."""
        if self._journal:
            self._journal.close()
        self._files.close()

    def stage(self, table: Table, run: TableRun) -> MirrorStage:
        """Start staging. Raises `StoreError` for columns that Fabric cannot hold, or that changed their type."""
        where = self.locate(table)
        marks = table.mode != "replace" or isinstance(self._marker, str)
        inserts = self._marker == INSERT  # of keys that are known not to be there, which merging finds out
        marker = UPSERT if inserts else self._marker
        encoding = encoding_of(schema_of(table.columns), marker=marker if marks else None, where=where)
        history, key = self._history(table), self._key or table.key
        demand_key(key, encoding, where, remembers=self._remembers)
        if table.mode != "replace":
            demand_fitting(encoding, known_columns(history), where)
            demand_same_table(self._zone, history, self._layout.metadata(table.key), where)
        self._announce()
        rows = PublishedRows(lake=self._zone, place=history.place, key=key) if self._remembers else None
        if self._diff and table.mode == "replace" and rows and rows.last(history) is not None:
            demand_fitting(encoding, known_columns(history), where)
            demand_same_table(self._zone, history, self._layout.metadata(table.key), where)
        files = attrs.evolve(table, columns=columns_of(encoding.schema), mode=mode_of_files(table))
        return MirrorStage(
            self._files.stage(files, run),
            table=table,
            run=run,
            encoding=encoding,
            key=key,
            history=history,
            strategy=self._layout.strategy,
            rows=rows,
            inserts=inserts,
            diff=self._diff,
            where=where,
        )

    def keys(self, table: Table, key: Sequence[str]) -> pl.LazyFrame | None:
        """Return the keys of the table's rows as they were published. Raises `StoreError` when nobody kept them."""
        history = self._history(table)
        if history.last_sequence() == 0:
            return None
        rows = PublishedRows(lake=self._zone, place=history.place, key=tuple(key)) if self._remembers else None
        state = rows.last(history) if rows else None
        if state is None:
            raise StoreError(
                "nobody kept which keys this table has",
                where=self.locate(table),
                fix="set remember_keys = true in the store, then run once with --full-drop",
            )
        return state.select(column(name) for name in key)

    def _announce(self) -> None:
        """Write who publishes, unless that is said already."""
        source = {"sourceType": self._partner.source_type, "sourceVersion": self._partner.source_version}
        said = {"partnerName": self._partner.name, "sourceInfo": {key: value for key, value in source.items() if value}}
        data = json.dumps(said, ensure_ascii=False).encode()
        if self._zone.stat(PARTNER_EVENTS) is None or self._zone.read(PARTNER_EVENTS) != data:
            self._zone.put(PARTNER_EVENTS, data)

    def _history(self, table: Table) -> History:
        return History(self._zone, Place(fill(self._path, entity=table.name, flow=table.flow)))
