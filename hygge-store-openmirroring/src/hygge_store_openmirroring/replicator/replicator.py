"""Polling a landing zone: tables appear, take files, fail, are dropped and come back, as in a mirrored database."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_store_openmirroring.landing_zone import table_folders, version_of
from hygge_store_openmirroring.put_aside import processed
from hygge_store_openmirroring.replicator.cleanup import put_aside
from hygge_store_openmirroring.replicator.detection import data_files
from hygge_store_openmirroring.replicator.table import MirroredTable


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core.lake import Lake
    from hygge_store_openmirroring.landing_zone import TableName


RETENTION_SECONDS = 7 * 24 * 3600
"""How long the service keeps what it has put aside."""


@frozen(kw_only=True)
class Poll:
    """What one look at the zone brought, for those who watch."""

    appeared: tuple[TableName, ...]
    dropped: tuple[TableName, ...]
    changed: tuple[TableName, ...]
    files: int

    @property
    def recreated(self) -> tuple[TableName, ...]:
        """Tables whose folder came back before the replicator saw it gone, which real ones do not survive well."""
        return tuple(name for name in self.appeared if name in self.dropped)


class Replicator:
    """A mirrored database over one landing zone.

    Give it a `hygge_core.lake.Lake` whose root is the folder ``LandingZone`` and that tells folders apart by
    their version; call `poll` at any moment, also from another thread or process than the publisher's.
    ``seed`` decides wherever no document does.  With ``clean`` processed files are moved aside as the service does.
    """

    def __init__(self, zone: Lake, *, seed: int = 0, clean: bool = True, tables: Iterable[MirroredTable] = ()) -> None:
        self._zone = zone
        self._chance = Random(seed)  # noqa: S311 - decides what documents leave open, nothing secret
        self._clean = clean
        self.tables: dict[TableName, MirroredTable] = {table.name: table for table in tables}

    def poll(self) -> Poll:
        """Look at the zone once and take what can be taken. Raises `TypeError` for a lake without versions."""
        found = {name: identity for name in table_folders(self._zone) if (identity := self._identity(name))}
        dropped = [name for name, table in self.tables.items() if found.get(name) != table.identity]
        for name in dropped:
            del self.tables[name]
        appeared = [name for name in found if name not in self.tables and self._becomes_table(name)]
        for name in appeared:
            self.tables[name] = MirroredTable(name=name, identity=found[name])
        taken = {name: self._poll(table) for name, table in self.tables.items()}
        return Poll(
            appeared=tuple(appeared),
            dropped=tuple(dropped),
            changed=tuple(name for name, files in taken.items() if files),
            files=sum(taken.values()),
        )

    def purge(self, now: float) -> int:
        """Delete what was put aside longer than a week ago, as the service does. Returns how many files.

        ``now`` is in seconds since 1970.
        """
        old = list(processed(self._zone, before=now - RETENTION_SECONDS))
        for file in old:
            self._zone.delete(file.path)
        return len(old)

    def restart(self) -> None:
        """Stop and start the mirrored database: every table is made again of the files that are left."""
        self.tables = {
            name: MirroredTable(name=name, identity=table.identity, last=None) for name, table in self.tables.items()
        }

    def _identity(self, name: TableName) -> str:
        return version_of(self._zone, self._zone.stat(name.folder))

    def _becomes_table(self, name: TableName) -> bool:
        """A folder becomes a table once it has metadata; what is wrong with them then stops it."""
        return self._zone.stat(name.metadata) is not None

    def _poll(self, table: MirroredTable) -> int:
        taken = table.poll(self._zone, self._chance)
        if taken and self._clean and table.failure is None and table.metadata is not None:
            done = table.processed(list(data_files(self._zone, table.name.folder, table.metadata)))
            put_aside(self._zone, table.name, done, self._chance)
        return taken
