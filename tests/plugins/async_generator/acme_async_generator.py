"""Thinks that hooks are async generators."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
async def hygge_stores():
    yield 1
