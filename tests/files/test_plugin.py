"""The package hygge-home-files held against the contract of plugins."""

from __future__ import annotations

from hygge_home_files.conformance import TestPlugin


__all__ = ["TestPlugin"]
