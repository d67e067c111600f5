"""``hygge warehouse``: what is in a warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hygge_core.cli.loading import open_project
from hygge_core.cli.options import opening, speaking
from hygge_core.cli.session import Session
from hygge_core.engine.opened import Opened


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@click.command("warehouse", short_help="List what is in a warehouse")
@click.argument("connection")
@opening
@speaking
@click.pass_context
def warehouse(ctx: click.Context, *, connection: str, project: Path | None, variables: Sequence[str]) -> None:
    """List the tables of every shelf, with their rows."""
    from hygge_acme_warehouse.connection import warehouse_of

    session = ctx.ensure_object(Session)
    config, plugins = open_project(session, project, variables)
    with Opened.to_look(config, plugins) as opened:
        depot = warehouse_of(opened.context(), connection)
        for table in depot.ask("tables")[0]:
            rows = sum(part.rows for part in depot.parts(table))
            if session.output == "json":
                session.event("table", table=table, rows=rows)
            else:
                session.say(f"{table}  {rows:,} rows")
