"""Declares a parameter that is never filled."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_before_commit(run, *, staged):
    pass
