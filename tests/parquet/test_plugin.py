"""The package hygge-store-parquet held against the contract of plugins."""

from __future__ import annotations

from hygge_store_parquet.conformance import TestPlugin


__all__ = ["TestPlugin"]
