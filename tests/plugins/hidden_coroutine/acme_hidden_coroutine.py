"""Returns a coroutine from a plain function."""

from __future__ import annotations

from hygge_core import hookimpl


async def later():
    return ()


@hookimpl
def hygge_stores():
    return later()
