"""The package hygge-home-mssql held against the contract of plugins."""

from __future__ import annotations

from hygge_home_mssql.conformance import TestPlugin


__all__ = ["TestPlugin"]
