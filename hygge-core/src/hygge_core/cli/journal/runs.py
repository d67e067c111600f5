"""``hygge journal runs``: the latest runs."""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING

import click

from hygge_core.cli.columns import aligned
from hygge_core.cli.journal.past import HEADINGS, NUMBERS, Reports, from_journal
from hygge_core.cli.loading import open_project
from hygge_core.cli.options import locating, speaking
from hygge_core.cli.session import Session


if TYPE_CHECKING:
    from pathlib import Path


@click.command("runs", short_help="List the latest runs")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="At most N runs.")
@locating
@speaking
@click.pass_context
def runs(ctx: click.Context, *, limit: int, project: Path | None) -> None:
    """List the latest runs, the newest first, from the journal and the report files.

    Exit codes: 0, or 1 if a report could not be read; the others are listed all the same.
    """
    session = ctx.ensure_object(Session)
    opened, plugins = open_project(session, project, ())
    reading = Reports(session, opened)
    known = from_journal(session, opened, plugins)
    known |= {run.id: run for run in map(reading.read, reading.files.keys() - known.keys()) if run}
    latest = nlargest(limit, known.values(), key=lambda run: (run.started, run.id))
    told = [reading.read(run.id) or run for run in latest]
    if session.output == "json":
        for run in told:
            session.event("run", **run.facts())
    elif told:
        for line in aligned([HEADINGS, *(run.cells() for run in told)], right=NUMBERS):
            session.say(line)
    else:
        session.say("No runs yet.")
    ctx.exit(1 if reading.broken else 0)
