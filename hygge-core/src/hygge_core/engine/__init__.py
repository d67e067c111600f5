"""The engine: moves tables from homes to stores, many at once, and tells what happens."""

from __future__ import annotations

from hygge_core.engine.plan import TablePlan, plan
from hygge_core.engine.run import run
from hygge_core.engine.stop import Stop


__all__ = ["Stop", "TablePlan", "plan", "run"]
