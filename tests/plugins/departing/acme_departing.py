"""Has a key that was called otherwise, a key that will go, and a command that uses old names."""

from __future__ import annotations

from attrs import field, frozen

from hygge_core import Command, StoreType, hookimpl
from hygge_core.deprecation import Deprecation


_PACK = Deprecation(what="pack", since="2.0", until="3.0", instead="write compression", of="acme-departing")
_SQUEEZE = Deprecation(what="squeeze", since="1.5", until="3.0", instead="write compression", of="acme-departing")
_LAMP = Deprecation(what="lamp", since="2.0", until="3.0", instead="take it out", of="acme-departing")


@frozen(kw_only=True)
class HayloftConfig:
    compression: str = field(metadata={"doc": "How tight.", "formerly": (_PACK, _SQUEEZE)})
    lamp: bool = field(default=False, metadata={"doc": "A light.", "deprecated": _LAMP})


def open_hayloft(config, context):
    raise NotImplementedError


def load_peek():
    import click

    def peek():
        from acme_departing_names import Old, old

        old()
        old()
        click.echo(Old.__name__)

    return click.Command("peek", callback=peek)


@hookimpl
def hygge_stores():
    yield StoreType(name="hayloft", config=HayloftConfig, open=open_hayloft, summary="Hay, tightly packed")


@hookimpl
def hygge_commands():
    yield Command(name="peek", load=load_peek, summary="Peek through the old door")
