"""Declares a parameter without a name for callers."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_before_commit(run, /):
    return run and None
