"""A gate whose body would never run."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_before_commit(run):
    yield run
