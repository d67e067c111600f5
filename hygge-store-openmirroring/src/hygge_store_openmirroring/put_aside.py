"""Files that the service has taken in and moved aside: which of them nobody needs any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.errors import StoreError
from hygge_store_openmirroring.file_names import number_of
from hygge_store_openmirroring.landing_zone import PUT_ASIDE, is_hidden, last_name, table_folders


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.lake import Entry, Lake
    from hygge_store_openmirroring.landing_zone import TableName


_NS = 1_000_000_000


@frozen(kw_only=True)
class Processed:
    """One file that was put aside; ``modified`` is in seconds since 1970, UTC."""

    path: str
    size: int
    modified: float


def processed(zone: Lake, *, before: float) -> Iterator[Processed]:
    """Yield the files put aside that were last changed before then, in seconds since 1970, ordered by table.

    A table's last file is never among them.  Raises `StoreError` for a lake that keeps no times.
    """
    for table in table_folders(zone):
        aside = sorted((file for folder in PUT_ASIDE for file in _files(zone, f"{table.folder}/{folder}")), key=_order)
        for file in aside if _has_files(zone, table) else aside[:-1]:
            modified = _modified(zone, file)
            if modified < before:
                yield Processed(path=file.path, size=file.size, modified=modified)


def _files(zone: Lake, folder: str) -> Iterator[Entry]:
    return (e for e in zone.list(folder) if not e.is_directory and not is_hidden(last_name(e.path)))


def _has_files(zone: Lake, table: TableName) -> bool:
    return any(True for _ in _files(zone, table.folder))


def _order(file: Entry) -> tuple[int, str]:
    """Order files as they were published: by number, those without one by name before them."""
    name = last_name(file.path)
    return number_of(name) or 0, name


def _modified(zone: Lake, file: Entry) -> float:
    if not file.modified:
        raise StoreError("nobody knows how old files are here", where=zone.url(file.path), fix="delete them by hand")
    return file.modified / _NS
