"""Which package brings what a migrated project uses, for those that are not installed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hygge_core.plugins import Plugins


_HOMES = {
    "parquet": "hygge-home-files",
    "csv": "hygge-home-files",
    "ndjson": "hygge-home-files",
    "mssql": "hygge-home-mssql[arrow,entra]",
}
_STORES = {
    "parquet": "hygge-store-parquet",
    "adls": "hygge-store-adls",
    "onelake": "hygge-store-adls",
    "open_mirroring": "hygge-store-openmirroring",
}


def missing_packages(tables: Iterable[Mapping[str, Any]], plugins: Plugins) -> tuple[str, ...]:
    """Name the packages that the tables' homes and stores need and that are not here."""
    needed = {package for table in tables for package in _needed(table, plugins)}
    return tuple(sorted(needed))


def _needed(table: Mapping[str, Any], plugins: Plugins) -> Iterator[str]:
    for side, known, packages in (("home", plugins.homes, _HOMES), ("store", plugins.stores, _STORES)):
        kind = str(table.get(side, {}).get("type", ""))
        if kind not in known and kind in packages:
            yield packages[kind]
