"""A gate that leaves."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_before_commit():
    raise SystemExit
