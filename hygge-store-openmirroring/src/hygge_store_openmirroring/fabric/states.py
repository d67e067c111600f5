"""How a mirrored database and its tables are, as Fabric tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen(kw_only=True)
class TableState:
    """One table of a mirrored database.

    ``status`` is one of Initialized, Snapshotting, Replicating, Reseeding, Stopped and Failed, or a word that
    Fabric adds one day.  ``error`` is set while something keeps the table from going on, which ``status``
    alone does not tell.  ``rows`` and ``bytes`` count what was processed, not what the table
    holds; ``synced`` is when it last was, in UTC as ISO 8601, empty for never.
    """

    schema: str
    table: str
    status: str
    error: str = ""
    rows: int = 0
    bytes: int = 0
    synced: str = ""
    latency: float | None = None

    @property
    def name(self) -> str:
        """Schema and table."""
        return f"{self.schema}.{self.table}" if self.schema else self.table

    @property
    def healthy(self) -> bool:
        """Whether changes arrive, or will without anybody's doing."""
        return not self.error and self.status not in {"Failed", "Stopped"}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """Read one element of the answer of ``getTablesMirroringStatus``."""
        metrics = said.get("metrics") or {}
        return cls(
            schema=said.get("sourceSchemaName") or "",
            table=said.get("sourceTableName") or "",
            status=said.get("status") or "Unknown",
            error=error_text(said.get("error")),
            rows=metrics.get("processedRows") or 0,
            bytes=metrics.get("processedBytes") or 0,
            synced=metrics.get("lastSyncDateTime") or "",
            latency=metrics.get("lastSyncLatencyInSeconds"),
        )


@frozen(kw_only=True)
class DatabaseState:
    """A mirrored database as a whole: Initializing, Initialized, Starting, Running, Paused, Stopping or Stopped."""

    status: str
    error: str = ""

    @property
    def healthy(self) -> bool:
        """Whether tables are kept up, or will be in a moment."""
        return not self.error and self.status in {"Running", "Starting", "Initializing", "Initialized"}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Self:
        """Read the answer of ``getMirroringStatus``."""
        return cls(status=said.get("status") or "Unknown", error=error_text(said.get("error")))


def error_text(error: object) -> str:
    """Write an error object of Fabric's as one line; empty for none."""
    if not isinstance(error, dict):
        return str(error) if error else ""
    message = error.get("message") or error.get("errorMessage") or ""
    code = error.get("errorCode") or error.get("code") or ""
    return " ".join(f"{message} ({code})".split()) if message and code else " ".join(f"{message}{code}".split())
