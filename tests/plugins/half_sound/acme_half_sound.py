"""One hook works and the next fails."""

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
    yield StoreType(name="half", config=Config, open=open_it, summary="")


@hookimpl
def hygge_commands():
    raise SystemExit(3)


@hookimpl
def hygge_before_commit():
    raise AssertionError
