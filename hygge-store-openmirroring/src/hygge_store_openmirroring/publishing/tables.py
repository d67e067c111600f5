"""Whether the mirrored database shows a table: as Fabric says, by the Delta folder, or nobody knows."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

from attrs import field, frozen

from hygge_core.errors import StoreError
from hygge_store_openmirroring.landing_zone import SCHEMA_SUFFIX


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.lake import Lake
    from hygge_store_openmirroring.fabric.database import MirroredDatabase


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
class StatusApi:
    """The tables that Fabric's REST interface tells of, which wants a token of its own."""

    database: MirroredDatabase
    default_schema: str = DEFAULT_SCHEMA

    def has(self, folder: str) -> bool | None:
        """Look for the table among all that Fabric lists. Raises `StoreError` when it does not answer."""
        wanted = _names(folder, self.default_schema)
        return any((each.schema or self.default_schema, each.table) == wanted for each in self.database.tables())

    def __str__(self) -> str:
        return "Fabric's REST interface"


@frozen(kw_only=True)
class TablesFolder:
    """The folder ``Tables`` of the database, in which each table has the folder ``<schema>/<table>``."""

    lake: Lake
    default_schema: str = DEFAULT_SCHEMA

    def has(self, folder: str) -> bool | None:
        """Look for the table's folder."""
        return self.lake.stat("/".join(_names(folder, self.default_schema))) is not None

    def __str__(self) -> str:
        return f"the folder {self.lake.url('')}"


@frozen(kw_only=True)
class FirstThatTells:
    """Several ways to look, the best first: one that fails is told of once, and the next one is asked."""

    ways: Sequence[MirroredTables]
    _told: set[tuple[int, str]] = field(factory=set, init=False)

    def has(self, folder: str) -> bool | None:
        """Say what the first way says that works; None when none does."""
        for way in self.ways:
            try:
                there = way.has(folder)
            except (StoreError, OSError) as error:
                self._tell(logging.WARNING, f"{way} does not tell which tables there are", f": {error}")
                continue
            self._tell(logging.INFO, f"which tables there are is told by {way}")
            return there
        return None

    def _tell(self, level: int, text: str, why: str = "") -> None:
        if (level, text) not in self._told:
            self._told.add((level, text))
            logging.getLogger("hygge").log(level, "%s%s", text, why)


def _names(folder: str, default_schema: str) -> tuple[str, str]:
    """Take a folder of the landing zone apart into schema and table."""
    schema, _, table = folder.rpartition("/")
    return schema.removesuffix(SCHEMA_SUFFIX) or default_schema, table
