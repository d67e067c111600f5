"""The package hygge-store-parquet held against the contract of plugins."""

from __future__ import annotations

from typing import ClassVar

from hygge_core.testing import PluginContract


class TestParquetStorePlugin(PluginContract):
    distribution = "hygge-store-parquet"
    settings: ClassVar = {"store parquet": {"path": "lake/{entity}"}}
