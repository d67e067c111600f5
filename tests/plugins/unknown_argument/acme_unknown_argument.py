"""Asks for what the hook has not."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_after_commit(run, reciept):
    pass
