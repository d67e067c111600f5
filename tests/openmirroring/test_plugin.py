"""The package hygge-store-openmirroring held against the contract of plugins."""

from __future__ import annotations

from typing import ClassVar

from hygge_core.testing import PluginContract


class TestOpenMirroringPlugin(PluginContract):
    distribution = "hygge-store-openmirroring"
    settings: ClassVar = {
        "store open_mirroring": {
            "workspace": "0f8a4c1e-2222-4b7b-9d58-6f0c2b1f3a11",
            "mirror": "0f8a4c1e-3333-4b7b-9d58-6f0c2b1f3a11",
            "key_columns": ["Id"],
            "credential": "service_principal",
            "tenant_id": "corp.example",
            "client_id": "0f8a4c1e-4444-4b7b-9d58-6f0c2b1f3a11",
            "client_secret": "Fjord+Havn7",
        },
    }
    loads: ClassVar = {"hygge_store_adls": "the settings of an account are its"}
