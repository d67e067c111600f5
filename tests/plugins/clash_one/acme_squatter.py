"""Takes a name."""

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
    yield StoreType(name="crate", config=Config, open=open_it, summary="")
    yield StoreType(name="basket", config=Config, open=open_it, summary="")
