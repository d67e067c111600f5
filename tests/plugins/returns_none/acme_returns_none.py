"""Forgets to yield."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_stores():
    pass
