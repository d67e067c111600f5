"""Where the files of a home lie: on this machine, or in the lake of a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import HomeError
from hygge_core.connection import OpensLakes
from hygge_home_files.lake_sources import LakeSources
from hygge_home_files.sources import LocalSources


if TYPE_CHECKING:
    from hygge_core.lake import Lake
    from hygge_core.plugin import Context
    from hygge_home_files.config import CsvConfig, NdjsonConfig, ParquetConfig
    from hygge_home_files.files import Sources


def sources_of(
    settings: ParquetConfig | CsvConfig | NdjsonConfig, suffixes: tuple[str, ...], context: Context
) -> Sources:
    """Return the sources that the settings mean. Raises `HomeError`, and what opening a connection does."""
    if not settings.connection:
        return LocalSources(path=settings.path, project=context.project, suffixes=suffixes)
    connection = context.connections.get(settings.connection)
    if not isinstance(connection, OpensLakes):
        raise HomeError(
            f"the connection {settings.connection!r} does not lead to files",
            where=settings.path,
            fix="name a connection to a lake, or leave 'connection' out for files on this machine",
        )
    lake = connection.lake("")
    path = _below(lake, settings.path)
    return LakeSources(path=path, lake=lake, suffixes=suffixes, connection=connection)


def _below(lake: Lake, path: str) -> str:
    """Return the path from the root of the lake, which an address may begin with. Raises `HomeError`."""
    root = lake.url("").rstrip("/")
    if "://" in path and not path.startswith(f"{root}/"):
        raise HomeError(
            f"the connection leads to {root}, not there",
            where=path,
            fix="name the connection of that account and container, or give the path from its root",
        )
    below = path.removeprefix(f"{root}/").strip("/")
    if any(name in ("", ".", "..") for name in below.split("/")):
        raise HomeError("is no path below the root of a lake", where=path, fix="name files or folders, joined by '/'")
    return below
