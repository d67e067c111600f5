"""Registers the store type ``open_mirroring`` and the command ``hygge mirror``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import Command, StoreType, hookimpl
from hygge_store_openmirroring.config import OpenMirroringConfig


if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

    from hygge_core import Context
    from hygge_core.store import Store


def open_store(config: OpenMirroringConfig, context: Context) -> Store:
    """Open the store; imports Polars."""
    from hygge_store_openmirroring.opening import open_store as open_now

    return open_now(config, context)


def load_mirror() -> click.Group:
    """Import the commands."""
    from hygge_store_openmirroring.commands.mirror import mirror

    return mirror


@hookimpl
def hygge_stores() -> Iterable[StoreType]:
    """Offer the store type ``open_mirroring``."""
    yield StoreType(
        name="open_mirroring",
        config=OpenMirroringConfig,
        open=open_store,
        summary="The landing zone of a Microsoft Fabric mirrored database",
    )


@hookimpl
def hygge_commands() -> Iterable[Command]:
    """Offer ``hygge mirror``."""
    yield Command(name="mirror", load=load_mirror, summary="Look after mirrored databases and their landing zones")
