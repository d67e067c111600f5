"""Takes the name of a built-in command."""

from __future__ import annotations

from attrs import frozen

from hygge_core import Command, hookimpl


@frozen(kw_only=True)
class Config:
    path: str = ""


def open_it(config, context):
    raise NotImplementedError


@hookimpl
def hygge_commands():
    yield Command(name="go", load=open_it)
    yield Command(name="stay", load=open_it)
