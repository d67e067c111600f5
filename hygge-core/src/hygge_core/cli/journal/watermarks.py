"""``hygge journal watermarks``: how far each table has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hygge_core.cli.columns import aligned
from hygge_core.cli.journal.present import Present, facts, text_of
from hygge_core.cli.loading import open_project
from hygge_core.cli.options import opening, selecting, speaking
from hygge_core.cli.selection import select
from hygge_core.cli.session import Session


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hygge_core.commit import CommitRecord
    from hygge_core.config.model import EntityConfig


@click.command("watermarks", short_help="Show how far each table has come")
@selecting
@opening
@speaking
@click.pass_context
def watermarks(
    ctx: click.Context, *, flows: Sequence[str], entities: Sequence[str], project: Path | None, variables: Sequence[str]
) -> None:
    """Show the present watermark of each table that is followed by one, from the last commit in its store.

    Exit codes: 0, or 1 if a store could not be asked; the others are shown all the same.
    """
    session = ctx.ensure_object(Session)
    config, plugins = open_project(session, project, variables)
    asked = Present(session, config, plugins, select(config, flows, entities))
    found = list(asked.found())
    if session.output == "json":
        for entity, last in found:
            session.event("watermark", **facts(entity, last))
    elif found:
        for line in aligned([_HEADINGS, *(_cells(entity, last) for entity, last in found)]):
            session.say(line)
    else:
        session.say("No table is followed by a watermark.")
    ctx.exit(1 if asked.failed else 0)


_HEADINGS = ("table", "watermark", "column", "dtype", "committed", "by")


def _cells(entity: EntityConfig, last: CommitRecord | None) -> tuple[str, ...]:
    if last is None:
        return entity.path, "(never committed)", "", "", "", ""
    told = facts(entity, last)
    when = f"{last.committed_at.astimezone():%Y-%m-%d %H:%M:%S}" if last.committed_at else ""
    by = f"{last.origin}, {last.by}" if last.by else last.origin
    return entity.path, text_of(last.watermark), str(told["column"]), str(told["dtype"]), when, by
