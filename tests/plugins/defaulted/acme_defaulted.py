"""Declares a default that would always be used."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_before_commit(run, staged=None):
    pass
