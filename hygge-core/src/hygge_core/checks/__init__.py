"""The built-in checks between staging and commit: figures and rows that must hold, or nothing is published."""

from __future__ import annotations
