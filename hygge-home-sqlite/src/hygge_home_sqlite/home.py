"""Tables, views and queries of SQLite files, opened for reading only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from hygge_core.home import ReadRequest
from hygge_core.sql import highest, lowest
from hygge_core.template import fill
from hygge_home_sqlite.discovery import entities
from hygge_home_sqlite.idle import IdleConnections
from hygge_home_sqlite.opening import open_reading
from hygge_home_sqlite.parts import cut
from hygge_home_sqlite.probing import findings
from hygge_home_sqlite.snapshot import Snapshot
from hygge_home_sqlite.source import find


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.home import Finding
    from hygge_home_sqlite.config import SqliteConfig
    from hygge_home_sqlite.reading import SqliteReading


@frozen(kw_only=True)
class SqliteHome:
    """A `hygge_core.home.Home` that also counts, splits, discovers and probes.

    Each reading has a connection of its own while it lasts; between readings a few wait.
    """

    settings: SqliteConfig
    project: Path
    idle: IdleConnections = field(factory=IdleConnections, eq=False, repr=False)

    def path(self, request: ReadRequest) -> Path:
        """Return the file of one entity."""
        return self.project / Path(fill(self.settings.path, entity=request.entity, flow=request.flow)).expanduser()

    def locate(self, request: ReadRequest) -> str:
        """Return the file, and the table or that it is a query."""
        table = fill(self.settings.table, entity=request.entity, flow=request.flow)
        return f"{self.path(request)}: {'query' if self.settings.query else table}"

    def open(self, request: ReadRequest) -> Snapshot:
        """Open the file of one entity, for whoever closes it. Raises `HomeError`."""
        return Snapshot(self.path(request), self.settings.busy_timeout, self.locate(request), self.idle)

    def read(self, request: ReadRequest) -> SqliteReading:
        """Open one table, view or query in a snapshot of its own. Raises `HomeError`."""
        snapshot = self.open(request)
        try:
            return open_reading(snapshot, self.settings, request)
        except BaseException:
            snapshot.close()
            raise

    def count(self, request: ReadRequest) -> int:
        """Count the rows that `read` would yield now, those outside of a range that it could not keep to as well."""
        reading = self.read(request)
        try:
            return reading.count()
        finally:
            reading.close()

    def split(self, request: ReadRequest, parts: int) -> Sequence[ReadRequest]:
        """Cut a table by its row ids, which costs next to nothing; what has none, or no rows, stays whole.

        Each part is read in a snapshot of its own, and says so: together they are one moment
        only if nobody writes meanwhile.
        """
        snapshot = self.open(request)
        try:
            source = find(snapshot, self.settings, request)
            if not source.row_id:
                return [request]
            first, last = (snapshot.value(end(source.row_id, source.text)) for end in (lowest, highest))
        finally:
            snapshot.close()
        return [request] if first is None else cut(request, parts, first, last)

    def discover(self) -> Iterator[str]:
        """Yield the tables and views, or the files, that could be entities."""
        return entities(self)

    def probe(self, entity: str, flow: str = "") -> Iterator[Finding]:
        """Open file and table, and say what is there."""
        return findings(self, ReadRequest(entity=entity, flow=flow))

    def close(self) -> None:
        """Let go of the connections that wait; each reading closes its own."""
        self.idle.close()
