"""Tables and queries of SQL Server over a named connection, read only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.home import ReadRequest
from hygge_core.template import fill
from hygge_home_mssql.discovery import entities
from hygge_home_mssql.probing import of_table
from hygge_home_mssql.reading.opening import open_reading


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.home import Finding
    from hygge_home_mssql.changes import ChangesReading
    from hygge_home_mssql.connection import MssqlConnection
    from hygge_home_mssql.home_config import MssqlConfig
    from hygge_home_mssql.reading.reading import MssqlReading


@frozen(kw_only=True)
class MssqlHome:
    """A `hygge_core.home.Home` that also counts, discovers and probes. Readings borrow from the connection's pool."""

    settings: MssqlConfig
    connection: MssqlConnection

    def locate(self, request: ReadRequest) -> str:
        """Return server, database, and the table or that it is a query."""
        table = fill(self.settings.table, entity=request.entity, flow=request.flow)
        return f"{self.connection.where}: {'query' if self.settings.query else table}"

    def read(self, request: ReadRequest) -> MssqlReading | ChangesReading:
        """Open one table, view or query. Raises `HomeError` or `HomeUnavailable`."""
        return open_reading(self.connection, self.settings, request, self.locate(request))

    def count(self, request: ReadRequest) -> int:
        """Count the rows that `read` would yield now, those outside of a range that it could not keep to as well."""
        reading = self.read(request)
        try:
            return reading.count()
        finally:
            reading.close()

    def discover(self) -> Iterator[str]:
        """Yield the tables that could be entities."""
        return entities(self)

    def probe(self, entity: str, flow: str = "") -> Iterator[Finding]:
        """Open one entity, and say what is there."""
        return of_table(self, ReadRequest(entity=entity, flow=flow))

    def close(self) -> None:
        """Hold nothing: the connection is the project's."""
