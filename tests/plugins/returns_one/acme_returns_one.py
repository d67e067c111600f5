"""Returns one thing and not several."""

from __future__ import annotations

from attrs import frozen

from hygge_core import StoreType, hookimpl


@frozen(kw_only=True)
class Config:
    path: str = ""


def open_it(config, context):
    raise NotImplementedError


@hookimpl
def hygge_stores():
    return StoreType(name="one", config=Config, open=open_it, summary="")
