"""Implements a hook that resembles none."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_zzz():
    yield from ()
