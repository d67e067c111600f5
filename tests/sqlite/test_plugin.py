"""The package hygge-home-sqlite held against the contract of plugins."""

from __future__ import annotations

from typing import ClassVar

from hygge_core.testing import PluginContract


class TestSqliteHomePlugin(PluginContract):
    distribution = "hygge-home-sqlite"
    settings: ClassVar = {"home sqlite": {"path": "erp.db", "table": "{entity}"}}
