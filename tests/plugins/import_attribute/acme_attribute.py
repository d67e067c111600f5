"""Lacks what its entry point names."""

from __future__ import annotations


something = 1
