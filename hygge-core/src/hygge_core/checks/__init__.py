"""The built-in checks between staging and commit: figures and rows that must hold, or nothing is published."""

from __future__ import annotations

from hygge_core.checks.evidence import Evidence
from hygge_core.checks.gate import demand_abilities, demand_checkable, judge


__all__ = ["Evidence", "demand_abilities", "demand_checkable", "judge"]
