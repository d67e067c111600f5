"""A gate that means to refuse by its answer."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_before_commit(staged):
    return staged.rows > 10
