"""Deleted rows: found in the source by their absence or by a mark, and taken out of the table."""

from __future__ import annotations
