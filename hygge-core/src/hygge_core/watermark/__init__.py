"""Incremental reading: ranges fixed before the first row, progress that is part of the commit."""

from __future__ import annotations
