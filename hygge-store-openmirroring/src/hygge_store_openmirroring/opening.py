"""Opening a store of type ``open_mirroring`` by its configuration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.errors import UsageError
from hygge_core.lakes.local import LocalLake
from hygge_core.staging.options import FileOptions
from hygge_store_adls.account import Account
from hygge_store_adls.connection import StorageConnection
from hygge_store_adls.endpoint import ONELAKE, endpoint_of
from hygge_store_openmirroring.publishing.rebuild import Rebuild
from hygge_store_openmirroring.publishing.strategies import ByNumber, ByTime
from hygge_store_openmirroring.publishing.tables import TablesFolder, Unknown
from hygge_store_openmirroring.store import MirrorStore, Partner


if TYPE_CHECKING:
    from hygge_core import Context
    from hygge_core.lake import Lake
    from hygge_store_openmirroring.config import OpenMirroringConfig
    from hygge_store_openmirroring.publishing.tables import MirroredTables


ZONE, TABLES = "Files/LandingZone", "Tables"


@frozen(kw_only=True)
class Opened:
    """A landing zone, who tells of the tables that came of it, and the connection to close with the store."""

    zone: Lake
    tables: MirroredTables
    own: StorageConnection | None = None


def open_store(config: OpenMirroringConfig, context: Context) -> MirrorStore:
    """Open the store; relative paths start from the project's folder.

    Raises `UsageError` for a connection that cannot be used here.
    """
    opened = _local(config, context) if config.landing_zone else _fabric(config, context)
    return MirrorStore(
        opened.zone,
        path=config.path,
        key_columns=config.key_columns,
        options=FileOptions(compression=config.compression, file_size=config.file_size),
        rebuild=Rebuild(tables=opened.tables, drop_wait=config.drop_wait, sleep=context.pause),
        partner=Partner(name=config.partner_name, source_type=config.source_type, source_version=config.source_version),
        remembers=config.remembers,
        diff=config.replace == "diff",
        marker=config.marker,
        strategy=ByTime(sleep=context.pause) if config.file_detection == "timestamp" else ByNumber(),
        behind=opened.own,
    )


def _local(config: OpenMirroringConfig, context: Context) -> Opened:
    zone = Path((config.landing_zone or "").removeprefix("file:")).expanduser()
    tables = TablesFolder(lake=LocalLake(context.project / config.tables)) if config.tables else Unknown()
    return Opened(zone=LocalLake(context.project / zone), tables=tables)


def _fabric(config: OpenMirroringConfig, context: Context) -> Opened:
    mirror = config.mirror or ""
    if config.connection is not None:
        shared = context.connections.get(config.connection)
        if not isinstance(shared, StorageConnection) or shared.account.kind != "onelake":
            fix = 'name a connection with type = "onelake"'
            raise UsageError("does not lead to OneLake", where=f"connection {config.connection}", fix=fix)
        return _opened(shared, mirror)
    endpoint = endpoint_of("onelake", config.endpoint or ONELAKE)
    account = Account(kind="onelake", endpoint=endpoint, name="onelake", container=config.workspace, item=mirror)
    own = StorageConnection(account, config, context, begin=ZONE)
    return _opened(own, mirror, own)


def _opened(connection: StorageConnection, mirror: str, own: StorageConnection | None = None) -> Opened:
    tables = TablesFolder(lake=connection.lake(TABLES, item=mirror))
    return Opened(zone=connection.lake(ZONE, item=mirror), tables=tables, own=own)
