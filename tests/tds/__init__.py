"""A TDS test server, to which real ODBC drivers connect as to SQL Server. See `tds.server` and `tds.contract`."""

from __future__ import annotations

from tds.contract import Column, Parameter, Rows, SqlError, SqlType
from tds.server import SqlServer


__all__ = ["Column", "Parameter", "Rows", "SqlError", "SqlServer", "SqlType"]
