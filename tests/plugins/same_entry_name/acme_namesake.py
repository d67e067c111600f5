"""Uses the entry-point name of acme-attic."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_after_commit(run):
    pass
