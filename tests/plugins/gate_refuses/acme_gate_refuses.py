"""Refuses, naming its own place."""

from __future__ import annotations

from hygge_core import CommitRefused, hookimpl


@hookimpl
def hygge_before_commit(run):
    raise CommitRefused("too few", where=f"table {run.entity}", fix="load more")
