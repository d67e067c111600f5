"""The package hygge-home-mssql held against the contract of plugins."""

from __future__ import annotations

from typing import ClassVar

from hygge_core.testing import PluginContract


class TestMssqlHomePlugin(PluginContract):
    distribution = "hygge-home-mssql"
    settings: ClassVar = {
        "home mssql": {"connection": "erp", "table": "dbo.{entity}"},
        "connection mssql": {"server": "sql01", "database": "ERP", "user": "hygge", "password": "Fjord+Havn7"},
    }
