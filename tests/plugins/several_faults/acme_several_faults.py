"""Has three faults in one module."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_storess():
    yield from ()


def hygge_homes():
    yield from ()


@hookimpl
async def hygge_commands():
    return ()
