"""``hygge mirror clean``: files that Fabric has processed and put aside, looked over and deleted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from hygge_core.cli.options import opening, speaking
from hygge_core.cli.session import Session
from hygge_store_openmirroring.commands.place import opened_zone


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hygge_store_openmirroring.put_aside import Processed


_DAY = 24 * 3600


@click.command("clean", short_help="Delete files that Fabric has processed")
@click.argument("zone", metavar="FLOW|FOLDER")
@click.option(
    "--older-than", "days", type=click.FloatRange(min=0), default=7, show_default=True, metavar="DAYS",
    help="Only files that were put aside, or written, so long ago.",
)  # fmt: skip
@click.option("--yes", is_flag=True, help="Delete them; else they are only shown.")
@opening
@speaking
@click.pass_context
def clean(  # noqa: PLR0913 - one for each option
    ctx: click.Context, *, zone: str, days: float, yes: bool, project: Path | None, variables: Sequence[str]
) -> None:
    """Delete files that Fabric has processed and put aside, which count as storage until it purges them.

    Without --yes they are only shown. The last file of a table always stays, since the number of the
    next one follows from it.
    """
    from hygge_store_openmirroring.put_aside import processed

    session = ctx.ensure_object(Session)
    with opened_zone(session, zone, project, variables) as lake:
        files = list(processed(lake, before=time.time() - days * _DAY))
        for file in files:
            if yes:
                lake.delete(file.path)
            _tell(session, file, deleted=yes)
    if session.output == "text":
        session.say(_verdict(files, deleted=yes))


def _tell(session: Session, file: Processed, *, deleted: bool) -> None:
    if session.output == "json":
        session.event("file", path=file.path, bytes=file.size, deleted=deleted)
    else:
        session.say(f"{file.path}  {file.size:,} bytes")


def _verdict(files: Sequence[Processed], *, deleted: bool) -> str:
    if not files:
        return "Nothing to clean."
    what = f"{len(files):,} {'file' if len(files) == 1 else 'files'}, {sum(file.size for file in files):,} bytes"
    return f"{what}, deleted." if deleted else f"{what}; add --yes to delete them."
