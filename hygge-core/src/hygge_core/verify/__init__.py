"""Verifying: whether the store holds what the source holds, found out without changing anything."""

from __future__ import annotations

from hygge_core.verify.depth import Depth
from hygge_core.verify.tables import verify
from hygge_core.verify.verdict import TableVerdict


__all__ = ["Depth", "TableVerdict", "verify"]
