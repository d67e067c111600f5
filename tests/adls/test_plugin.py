"""The package hygge-store-adls held against the contract of plugins."""

from __future__ import annotations

from hygge_store_adls.conformance import TestPlugin


__all__ = ["TestPlugin"]
