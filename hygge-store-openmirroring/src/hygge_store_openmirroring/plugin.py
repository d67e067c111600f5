"""Registers the command ``hygge mirror``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core import Command, hookimpl


if TYPE_CHECKING:
    from collections.abc import Iterable

    import click


def load_mirror() -> click.Group:
    """Import the commands."""
    from hygge_store_openmirroring.commands.mirror import mirror

    return mirror


@hookimpl
def hygge_commands() -> Iterable[Command]:
    """Offer ``hygge mirror``."""
    yield Command(name="mirror", load=load_mirror, summary="Look over a landing zone, and see what Fabric would hold")
