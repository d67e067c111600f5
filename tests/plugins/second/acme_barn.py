"""A second sound plugin, an object instead of a module."""

from __future__ import annotations

from attrs import frozen

from hygge_core import StoreType, hookimpl


@frozen(kw_only=True)
class Config:
    path: str = ""


def open_it(config, context):
    raise NotImplementedError


class Barn:
    @hookimpl
    def hygge_stores(self):
        yield StoreType(name="barn", config=Config, open=open_it, summary="")

    @staticmethod
    @hookimpl
    def hygge_after_abort(run, error):
        """Hear of it."""


barn = Barn()
