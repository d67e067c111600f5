"""The group ``hygge mirror``."""

from __future__ import annotations

import click

from hygge_store_openmirroring.commands.lint import lint
from hygge_store_openmirroring.commands.simulate import simulate


@click.group("mirror", short_help="Look over a landing zone, and see what Fabric would hold")
def mirror() -> None:
    """Look over a landing zone of Microsoft Fabric Open Mirroring, and see what Fabric would hold.

    A landing zone is given as the path of its folder on this machine, the one named LandingZone.
    """


mirror.add_command(lint)
mirror.add_command(simulate)
