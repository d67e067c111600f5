"""Where things lie in a landing zone: tables, their files, and what the service put aside.

A zone is a `hygge_core.lake.Lake` whose root is the folder ``LandingZone``.  Names that begin
with ``_`` are no tables and no data, on every level (landing-zone format and best practices of
Microsoft Fabric, 2026-09).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.lake import Entry, Lake


METADATA = "_metadata.json"
PARTNER_EVENTS = "_partnerEvents.json"
SCHEMA_SUFFIX = ".schema"
PUT_ASIDE = ("_ProcessedFiles", "_FilesReadyToDelete")
"""The folders of a table that the service moves processed files to; it uses one or the other."""


@frozen(order=True)
class TableName:
    """A table of a mirrored database; ``schema`` is empty for one in the database's default schema."""

    schema: str
    table: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.table}" if self.schema else self.table

    @property
    def folder(self) -> str:
        """The folder of the table in the zone."""
        return f"{self.schema}{SCHEMA_SUFFIX}/{self.table}" if self.schema else self.table

    @property
    def metadata(self) -> str:
        """The file that makes the folder a table."""
        return f"{self.folder}/{METADATA}"


def is_hidden(name: str) -> bool:
    """Say whether the service looks away from a file or folder of this name."""
    return name.startswith("_")


def last_name(path: str) -> str:
    """Return a path's own name, without the folders it lies in."""
    return path.rpartition("/")[2]


def version_of(zone: Lake, entry: Entry | None) -> str:
    """Return what tells a file or folder from one that takes its name later, empty for what is gone.

    Raises `TypeError` for a lake that does not tell.
    """
    if entry is not None and not entry.version:
        message = f"{type(zone).__name__} cannot tell {entry.path} from its successor: its entries have no version"
        raise TypeError(message)
    return entry.version if entry else ""


def table_folders(zone: Lake) -> Iterator[TableName]:
    """Yield every folder that is, or would become, a table; ordered by path."""
    for name in _folders(zone, ""):
        if name.endswith(SCHEMA_SUFFIX):
            schema = name.removesuffix(SCHEMA_SUFFIX)
            yield from (TableName(schema, table) for table in _folders(zone, name))
        else:
            yield TableName("", name)


def _folders(zone: Lake, path: str) -> Iterator[str]:
    for entry in zone.list(path):
        name = last_name(entry.path)
        if entry.is_directory and not is_hidden(name):
            yield name
