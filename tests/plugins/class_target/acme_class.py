"""Names a class, which nobody makes an object of."""

from __future__ import annotations

from hygge_core import hookimpl


class Plugin:
    @hookimpl
    def hygge_stores(self):
        yield from ()
