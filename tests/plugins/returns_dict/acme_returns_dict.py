"""Returns a mapping by name."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_stores():
    return {"attic": None}
