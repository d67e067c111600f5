"""``hygge go``: move tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hygge_core.cli.loading import open_project
from hygge_core.cli.manner import Manner
from hygge_core.cli.options import opening, selecting, speaking, volume
from hygge_core.cli.plan import show
from hygge_core.cli.selection import select
from hygge_core.cli.session import Session


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@click.command("go", short_help="Move tables from their homes to their stores")
@selecting
@click.option("--incremental", "-i", is_flag=True, help="Move only what is new; needs a watermark.")
@click.option("--full-drop", "-d", is_flag=True, help="Replace the tables whole, whatever the flows say.")
@click.option(
    "--from", "low", metavar="VALUE", help="Move again what has this value in the watermark's column, or more."
)
@click.option("--to", "high", metavar="VALUE", help="Move again what has this value there, or less.")
@click.option("--move-watermark", is_flag=True, help="Let the watermark follow --to; else it stays where it is.")
@click.option("--concurrency", "-c", type=click.IntRange(min=1), metavar="N", help="How many tables move at once.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, as `hygge plan` does.")
@opening
@speaking
@volume
@click.pass_context
def command(  # noqa: PLR0913 - one for each option
    ctx: click.Context,
    *,
    flows: Sequence[str],
    entities: Sequence[str],
    incremental: bool,
    full_drop: bool,
    low: str | None,
    high: str | None,
    move_watermark: bool,
    concurrency: int | None,
    dry_run: bool,
    project: Path | None,
    variables: Sequence[str],
) -> None:
    """Move tables from their homes to their stores.

    Without --flow and --entity every table of the project moves.  Each table arrives
    whole or stays as it was.  The first Ctrl-C stops the run cleanly, the second leaves at
    once.  A report of the run is left in the folder `runs`.

    With --from and --to the rows between two values of the watermark's column, both
    included, are moved again, of tables that have a watermark.

    Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 some tables failed, 4 drift
    refused, 6 locked, 130 interrupted.
    """
    session = ctx.ensure_object(Session)
    opened, plugins = open_project(session, project, variables)
    manner = Manner(incremental=incremental, full_drop=full_drop, low=low, high=high, move_watermark=move_watermark)
    chosen = manner.applied(select(opened, flows, entities))
    if dry_run:
        ctx.exit(show(session, opened, plugins, chosen, backfill=manner.backfill))
    if not chosen:
        session.warn(f"{opened.root / 'hygge.toml'}: there are no flows yet, so nothing moves")
        ctx.exit(0)
    from hygge_core.cli.moving import move

    ctx.exit(move(session, opened, plugins, chosen, concurrency=concurrency, backfill=manner.backfill))
