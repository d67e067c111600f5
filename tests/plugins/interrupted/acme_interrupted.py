"""Is where the user happened to press Ctrl-C."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_before_commit():
    raise KeyboardInterrupt


@hookimpl
def hygge_after_commit():
    raise KeyboardInterrupt
