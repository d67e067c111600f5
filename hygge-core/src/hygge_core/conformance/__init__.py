"""Trying the promises of an installed package in a process of its own, and telling what came of them."""

from __future__ import annotations

from hygge_core.conformance.finding import Tried, find
from hygge_core.conformance.results import CaseResult, Contract, Results
from hygge_core.conformance.running import Progress, run


__all__ = ["CaseResult", "Contract", "Progress", "Results", "Tried", "find", "run"]
