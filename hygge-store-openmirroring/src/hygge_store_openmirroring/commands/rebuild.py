"""``hygge mirror rebuild``: a mirrored table made anew from its source."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import attrs
import click

from hygge_core.cli.options import opening, speaking, volume
from hygge_core.cli.session import Session
from hygge_core.errors import UsageError
from hygge_store_openmirroring.commands.chosen import chosen_of


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hygge_core.config.model import EntityConfig
    from hygge_store_openmirroring.commands.chosen import Chosen


@click.command("rebuild", short_help="Make a mirrored table anew from its source")
@click.argument("name", metavar="FLOW.ENTITY")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@opening
@speaking
@volume
@click.pass_context
def rebuild(ctx: click.Context, *, name: str, yes: bool, project: Path | None, variables: Sequence[str]) -> None:
    """Drop a mirrored table and publish it anew from its source, whatever its store says of replacing.

    All rows are read and staged first. Then readers of the mirrored database do without the table, until Fabric
    has taken in the new one. It is the way out of an error that Fabric does not let go of.

    Exit codes: those of `hygge go`.
    """
    session = ctx.ensure_object(Session)
    chosen = chosen_of(session, name, project, variables)
    if name in {entity.flow for entity in chosen.entities}:
        raise UsageError("is a whole flow", where=name, fix=f"name tables, as {chosen.entities[0].path} or {name}.*")
    if not (yes or _agreed(session, chosen)):
        ctx.exit(1)
    from hygge_core.cli.moving import move

    anew = [_anew(entity) for entity in chosen.entities]
    ctx.exit(move(session, chosen.project, chosen.plugins, anew, concurrency=None))


def _agreed(session: Session, chosen: Chosen) -> bool:
    """Say what will happen and ask, where somebody can answer."""
    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked here whether to drop the table", fix="add --yes")
    for table, entity in chosen.tables.items():
        session.warn(f"{table} is dropped and comes back from {entity}; until then its readers do without it")
    return click.confirm("Go on?", err=True)


def _anew(entity: EntityConfig) -> EntityConfig:
    """Have the table replaced by a rebuild; keys that are kept beside it stay kept."""
    settings = entity.store.value
    settings = attrs.evolve(settings, replace="rebuild", remember_keys=settings.remembers)
    return attrs.evolve(entity, run_type="full_drop", store=attrs.evolve(entity.store, value=settings))
