"""``hygge plan``: what ``hygge go`` would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hygge_core.cli import figures
from hygge_core.cli.loading import open_project
from hygge_core.cli.options import opening, selecting, speaking, volume
from hygge_core.cli.selection import select
from hygge_core.cli.session import Session


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.engine.plan import TablePlan
    from hygge_core.engine.report import Bounds
    from hygge_core.plugins import Plugins
    from hygge_core.watermark.window import Backfill


_SOME_FAILED = 3
_MODES = {"replace": "replaces the table", "append": "appends what is new", "upsert": "replaces rows of the same key"}


@click.command("plan", short_help="Show what `go` would do, and change nothing")
@selecting
@opening
@speaking
@volume
@click.pass_context
def command(
    ctx: click.Context,
    *,
    flows: Sequence[str],
    entities: Sequence[str],
    project: Path | None,
    variables: Sequence[str],
) -> None:
    """Show what `hygge go` would do, and change nothing.

    For each table: where it comes from, where it settles, how, which rows of one with a
    watermark, what changed in its columns since the last commit, and when that was.  With
    --verbose its columns too.

    Exit codes: 0 every table could move, else the code that `hygge go` would end with.
    """
    session = ctx.ensure_object(Session)
    opened, plugins = open_project(session, project, variables)
    ctx.exit(show(session, opened, plugins, select(opened, flows, entities)))


def show(
    session: Session,
    project: Project,
    plugins: Plugins,
    entities: Sequence[EntityConfig],
    *,
    backfill: Backfill | None = None,
) -> int:
    """Show the plan of each table and return the exit code."""
    if not entities:
        session.warn(f"{project.root / 'hygge.toml'}: there are no flows yet, so nothing would move")
        return 0
    from hygge_core.engine import plan

    troubles: list[int] = []
    for table in plan(project, plugins, entities, backfill=backfill):
        if table.error:
            troubles.append(table.exit_code)
        _tell(session, table)
    if session.output == "text" and not session.quiet:
        session.say(f"{len(entities) - len(troubles):,} of {figures.count(len(entities), 'table')} can move")
    return exit_code(troubles, len(entities))


def exit_code(troubles: Sequence[int], tables: int) -> int:
    """Foretell how `hygge go` would end: 3 if some fail, and where all fail alike their own code."""
    if not troubles:
        return 0
    if len(troubles) < tables:
        return _SOME_FAILED
    return troubles[0] if len(set(troubles)) == 1 else 1


def _tell(session: Session, table: TablePlan) -> None:
    if session.output == "json":
        from attrs import asdict

        session.event("table.planned", **asdict(table))
        return
    if not session.quiet:
        for line in _lines(table, session.out.glyph("→", "->"), verbose=session.verbose):
            session.say(line)
    for warning in table.warnings:
        session.warn(f"{table.flow}.{table.entity}: {warning}")
    if table.error:
        session.fail(table.error)


def _lines(table: TablePlan, arrow: str, *, verbose: bool) -> Iterator[str]:
    yield f"{table.flow}.{table.entity}  ({table.run_type})"
    yield f"  {table.source} {arrow} {table.target}"
    if table.last:
        yield f"  last committed: {table.last}"
    if table.watermark:
        yield f"  {_range(table.watermark, table.run_type)}, {_MODES[table.mode]}"
    yield from (f"  columns changed: {change}" for change in table.changes)
    if verbose and table.columns:
        yield f"  columns: {', '.join(table.columns)}"


def _range(bounds: Bounds, run_type: str) -> str:
    """Say which rows would be read."""
    if run_type != "incremental":
        return f"every row, up to {bounds.column} {bounds.mark}" if bounds.mark else "every row"
    low, high = bounds.low or "the beginning", bounds.high or "the end"
    return f"{bounds.column} from {low} to {high}"
