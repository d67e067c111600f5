"""``hygge journal``: what happened to every table, and how far each has come."""

from __future__ import annotations

import click

from hygge_core.cli.journal.export import export
from hygge_core.cli.journal.history import show
from hygge_core.cli.journal.importing import import_
from hygge_core.cli.journal.moving import reset, set_
from hygge_core.cli.journal.runs import runs
from hygge_core.cli.journal.upkeep import compact, rebuild
from hygge_core.cli.journal.watermarks import watermarks


class _Ordered(click.Group):
    """A group whose help lists commands as they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)


@click.group("journal", cls=_Ordered, short_help="Look back at runs, see and move watermarks")
def command() -> None:
    """Look back at runs, see and move watermarks.

    Every table run leaves one record in the project's journal, and so does every watermark
    that a person moved.
    """


for _each in (runs, watermarks, show, set_, reset, export, import_, rebuild, compact):
    command.add_command(_each)
