"""Misspells a hook."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_storess():
    yield from ()
