"""Marks an object that is not a function."""

from __future__ import annotations

from hygge_core import hookimpl


class Callable:
    def __call__(self):
        return ()


hygge_stores = hookimpl(Callable())
