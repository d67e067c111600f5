"""Opening a store of type ``open_mirroring`` by its configuration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.lakes.local import LocalLake
from hygge_core.staging.options import FileOptions
from hygge_store_adls.account import Account
from hygge_store_adls.connection import StorageConnection
from hygge_store_adls.endpoint import ONELAKE, endpoint_of
from hygge_store_openmirroring.fabric.reaching import database_of, onelake_connection
from hygge_store_openmirroring.mirrored_journal import KEY, MirroredJournal
from hygge_store_openmirroring.publishing.rebuild import Rebuild
from hygge_store_openmirroring.publishing.strategies import ByNumber, ByTime
from hygge_store_openmirroring.publishing.tables import FirstThatTells, StatusApi, TablesFolder, Unknown
from hygge_store_openmirroring.store import MirrorStore, Partner


if TYPE_CHECKING:
    from hygge_core import Context
    from hygge_core.lake import Lake
    from hygge_store_openmirroring.config import JournalTable, OpenMirroringConfig
    from hygge_store_openmirroring.fabric.database import MirroredDatabase
    from hygge_store_openmirroring.publishing.tables import MirroredTables


ZONE, TABLES = "Files/LandingZone", "Tables"


@frozen(kw_only=True)
class MirrorPlace:
    """A landing zone, who tells of the tables that came of it, and the connection to close with the store.

    ``database`` is None where nobody can be asked: for a folder here, and for credentials that give no tokens.
    """

    zone: Lake
    tables: MirroredTables
    database: MirroredDatabase | None = None
    own: StorageConnection | None = None

    def close(self) -> None:
        """Let go of what was opened for this place alone."""
        if self.own is not None:
            self.own.close()


def open_store(config: OpenMirroringConfig, context: Context) -> MirrorStore:
    """Open the store; relative paths start from the project's folder.

    Raises `UsageError` for a connection that cannot be used here.
    """
    place = open_place(config, context)
    return MirrorStore(
        place.zone,
        path=config.path,
        key_columns=config.key_columns,
        options=FileOptions(compression=config.compression, file_size=config.file_size),
        rebuild=_rebuild(config, context, place),
        partner=_partner(config),
        remembers=config.remembers,
        diff=config.replace == "diff",
        marker=config.marker,
        strategy=ByTime(sleep=context.pause) if config.file_detection == "timestamp" else ByNumber(),
        behind=place.own,
        journal=_journal(config.journal, config, context, place) if config.journal else None,
    )


def open_place(config: OpenMirroringConfig, context: Context) -> MirrorPlace:
    """Open the landing zone alone, to be closed. Raises `UsageError` as `open_store` does."""
    return _local(config, context) if config.landing_zone else _fabric(config, context)


def _local(config: OpenMirroringConfig, context: Context) -> MirrorPlace:
    zone = Path((config.landing_zone or "").removeprefix("file:")).expanduser()
    tables = TablesFolder(lake=LocalLake(context.project / config.tables)) if config.tables else Unknown()
    return MirrorPlace(zone=LocalLake(context.project / zone), tables=tables)


def _fabric(config: OpenMirroringConfig, context: Context) -> MirrorPlace:
    if config.connection is None:
        own = _own_connection(config, context)
        return _place(config, context, own, own)
    shared = onelake_connection(config.connection, context)
    return _place(config, context, shared)


def _own_connection(config: OpenMirroringConfig, context: Context) -> StorageConnection:
    endpoint = endpoint_of("onelake", config.endpoint or ONELAKE)
    account = Account(
        kind="onelake", endpoint=endpoint, name="onelake", container=config.workspace, item=config.mirror or ""
    )
    return StorageConnection(account, config, context, begin=ZONE)


def _place(
    config: OpenMirroringConfig, context: Context, connection: StorageConnection, own: StorageConnection | None = None
) -> MirrorPlace:
    mirror = config.mirror or ""
    database = database_of(config, context, connection)
    folder = TablesFolder(lake=connection.lake(TABLES, item=mirror))
    ways = (folder,) if database is None else (StatusApi(database=database), folder)
    zone = connection.lake(ZONE, item=mirror)
    return MirrorPlace(zone=zone, tables=FirstThatTells(ways=ways), database=database, own=own)


def _rebuild(config: OpenMirroringConfig, context: Context, place: MirrorPlace) -> Rebuild:
    return Rebuild(tables=place.tables, drop_wait=config.drop_wait, return_wait=config.return_wait, sleep=context.pause)


def _partner(config: OpenMirroringConfig) -> Partner:
    return Partner(name=config.partner_name, source_type=config.source_type, source_version=config.source_version)


def _journal(table: JournalTable, config: OpenMirroringConfig, context: Context, place: MirrorPlace) -> MirroredJournal:
    """Make the store that the journal is mirrored by; it looks into the same zone and closes nothing of it."""
    store = MirrorStore(
        place.zone,
        path=table.path,
        key_columns=KEY,
        options=FileOptions(compression=config.compression),
        rebuild=_rebuild(config, context, place),
        partner=_partner(config),
        remembers=True,
    )
    return MirroredJournal(store=store, name=table.table)
