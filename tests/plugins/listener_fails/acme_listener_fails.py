"""A listener that falls over, each time differently."""

from __future__ import annotations

from hygge_core import hookimpl


async def later(error):
    return error


@hookimpl
def hygge_after_commit(receipt):
    raise SystemExit(receipt.rows)


@hookimpl
def hygge_after_abort(error):
    return later(error)
