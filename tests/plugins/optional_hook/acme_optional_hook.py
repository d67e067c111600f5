"""Implements a hook of a later hygge, if there is one."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl(optionalhook=True)
def hygge_weather():
    yield from ()
