"""Drift: what changed in the columns of a source since the last commit, and whether it may."""

from __future__ import annotations

from hygge_core.drift.comparison import Change, Drift, compare


__all__ = ["Change", "Drift", "compare"]
