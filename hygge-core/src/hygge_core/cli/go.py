"""``hygge go``: move tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from attrs import evolve

from hygge_core.cli.loading import open_project
from hygge_core.cli.options import opening, selecting, speaking, volume
from hygge_core.cli.plan import show
from hygge_core.cli.selection import incrementally, select
from hygge_core.cli.session import Session
from hygge_core.errors import UsageError


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hygge_core.config.model import EntityConfig


@click.command("go", short_help="Move tables from their homes to their stores")
@selecting
@click.option(
    "--incremental", "-i", is_flag=True, help="Move only what is new; needs a watermark."
)
@click.option("--full-drop", "-d", is_flag=True, help="Replace the tables whole, whatever the flows say.")
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
    concurrency: int | None,
    dry_run: bool,
    project: Path | None,
    variables: Sequence[str],
) -> None:
    """Move tables from their homes to their stores.

    Without --flow and --entity every table of the project moves.  Each table arrives
    whole or stays as it was.  The first Ctrl-C stops the run cleanly, the second leaves at
    once.  A report of the run is left in the folder `runs`.

    Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 some tables failed, 4 drift
    refused, 6 locked, 130 interrupted.
    """
    session = ctx.ensure_object(Session)
    opened, plugins = open_project(session, project, variables)
    chosen = _with_run_type(select(opened, flows, entities), incremental=incremental, full_drop=full_drop)
    if dry_run:
        ctx.exit(show(session, opened, plugins, chosen))
    if not chosen:
        session.warn(f"{opened.root / 'hygge.toml'}: there are no flows yet, so nothing moves")
        ctx.exit(0)
    from hygge_core.cli.moving import move

    ctx.exit(move(session, opened, plugins, chosen, concurrency=concurrency))


def _with_run_type(
    entities: tuple[EntityConfig, ...], *, incremental: bool, full_drop: bool
) -> tuple[EntityConfig, ...]:
    if incremental and full_drop:
        raise UsageError("--incremental and --full-drop exclude each other", fix="give one of them, or neither")
    if full_drop:
        return tuple(evolve(entity, run_type="full_drop") for entity in entities)
    if incremental:
        return incrementally(entities, "--incremental")
    return entities
