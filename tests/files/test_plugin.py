"""The package hygge-home-files held against the contract of plugins."""

from __future__ import annotations

from typing import ClassVar

from hygge_core.testing import PluginContract


class TestFilesHomePlugin(PluginContract):
    distribution = "hygge-home-files"
    settings: ClassVar = {
        "home parquet": {"path": "data/{entity}.parquet"},
        "home csv": {"path": "data/{entity}.csv"},
        "home ndjson": {"path": "data/{entity}.ndjson"},
    }
