from __future__ import annotations

from mssql_wire import ask, connect, server, way


__all__ = ["ask", "connect", "server", "way"]  # fixtures
