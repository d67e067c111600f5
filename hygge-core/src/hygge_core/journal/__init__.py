"""The journal: what became of every table run, kept for good and safe under many processes."""

from __future__ import annotations

from hygge_core.journal.journal import Journal
from hygge_core.journal.record import JournalRecord


__all__ = ["Journal", "JournalRecord"]
