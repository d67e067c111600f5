"""The package hygge-store-openmirroring held against the contract of plugins."""

from __future__ import annotations

from hygge_store_openmirroring.conformance import TestPlugin


__all__ = ["TestPlugin"]
