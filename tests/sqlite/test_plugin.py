"""The package hygge-home-sqlite held against the contract of plugins."""

from __future__ import annotations

from hygge_home_sqlite.conformance import TestPlugin


__all__ = ["TestPlugin"]
