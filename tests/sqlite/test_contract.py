"""The home keeps the contract of homes, by the very module that anybody can run."""

from __future__ import annotations

from hygge_home_sqlite.conformance import TestSqliteHome


__all__ = ["TestSqliteHome"]
