"""Opening a store of type ``open_mirroring`` by its configuration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hygge_core.lakes.local import LocalLake
from hygge_core.staging.options import FileOptions
from hygge_store_openmirroring.publishing.rebuild import Rebuild
from hygge_store_openmirroring.publishing.tables import TablesFolder, Unknown
from hygge_store_openmirroring.store import MirrorStore, Partner


if TYPE_CHECKING:
    from hygge_core import Context
    from hygge_store_openmirroring.config import OpenMirroringConfig


def open_store(config: OpenMirroringConfig, context: Context) -> MirrorStore:
    """Open the store; relative paths start from the project's folder."""
    zone = context.project / Path(config.landing_zone.removeprefix("file:")).expanduser()
    tables = TablesFolder(lake=LocalLake(context.project / config.tables)) if config.tables else Unknown()
    return MirrorStore(
        LocalLake(zone),
        path=config.path,
        key_columns=config.key_columns,
        options=FileOptions(compression=config.compression, file_size=config.file_size),
        rebuild=Rebuild(tables=tables, drop_wait=config.drop_wait),
        partner=Partner(name=config.partner_name, source_type=config.source_type, source_version=config.source_version),
    )
