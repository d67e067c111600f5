"""The package hygge-store-adls held against the contract of plugins."""

from __future__ import annotations

from typing import ClassVar

from hygge_core.testing import PluginContract


class TestAdlsStorePlugin(PluginContract):
    distribution = "hygge-store-adls"
    settings: ClassVar = {
        "store adls": {"connection": "lake", "container": "raw", "path": "{entity}"},
        "store onelake": {"connection": "fabric", "lakehouse": "raw"},
        "connection adls": {"account": "lake", "credential": "account_key", "account_key": "RmpvcmQrSGF2bjc="},
        "connection onelake": {"workspace": "fabric"},
    }
