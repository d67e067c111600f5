"""Never stops yielding."""

from __future__ import annotations

from hygge_core import hookimpl


@hookimpl
def hygge_stores():
    while True:
        yield 1
