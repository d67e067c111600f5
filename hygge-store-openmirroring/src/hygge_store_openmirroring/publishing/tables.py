"""Whether the mirrored database shows a table: by its Delta folder where that can be read, else nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from hygge_store_openmirroring.landing_zone import SCHEMA_SUFFIX


if TYPE_CHECKING:
    from hygge_core.lake import Lake


DEFAULT_SCHEMA = "dbo"


class MirroredTables(Protocol):
    """The tables of a mirrored database, seen from outside."""

    def has(self, folder: str) -> bool | None:
        """Say whether the table of this folder of the landing zone is there, None when that cannot be told."""
        ...


@frozen
class Unknown:
    """A database that cannot be looked into."""

    def has(self, folder: str) -> bool | None:  # noqa: ARG002 - the protocol's signature
        """Say that nobody knows."""
        return None


@frozen(kw_only=True)
class TablesFolder:
    """The folder ``Tables`` of the database, in which each table has the folder ``<schema>/<table>``."""

    lake: Lake
    default_schema: str = DEFAULT_SCHEMA

    def has(self, folder: str) -> bool | None:
        """Look for the table's folder."""
        schema, _, table = folder.rpartition("/")
        return self.lake.stat(f"{schema.removesuffix(SCHEMA_SUFFIX) or self.default_schema}/{table}") is not None
