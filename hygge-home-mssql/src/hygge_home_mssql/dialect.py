"""The dialect of SQL Server, for the SQL that hygge writes."""

from __future__ import annotations

from hygge_core.sql import Dialect


MSSQL = Dialect(quotes=(("[", "]"), ('"', '"')), first="TOP ({rows}) ", last="", derives_with=False)
