"""Wants to be first."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl(tryfirst=True)
def hygge_stores():
    return ()
