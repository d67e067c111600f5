"""The group ``hygge mirror``."""

from __future__ import annotations

import click

from hygge_store_openmirroring.commands.clean import clean
from hygge_store_openmirroring.commands.database import create, start
from hygge_store_openmirroring.commands.lint import lint
from hygge_store_openmirroring.commands.rebuild import rebuild
from hygge_store_openmirroring.commands.simulate import simulate
from hygge_store_openmirroring.commands.status import status


@click.group("mirror", short_help="Look after mirrored databases and their landing zones")
def mirror() -> None:
    """Look after mirrored databases of Microsoft Fabric, and the landing zones that they are filled from.

    A landing zone is given as the flow that publishes into it, or as the path of a folder on this
    machine, the one named LandingZone.
    """


for command in (lint, simulate, status, rebuild, clean, create, start):
    mirror.add_command(command)
