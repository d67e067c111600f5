"""``hygge journal show``: the history of one table."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import attrs
import click

from hygge_core.cli.columns import aligned
from hygge_core.cli.journal.access import only, opening_journal
from hygge_core.cli.loading import open_project
from hygge_core.cli.options import locating, speaking
from hygge_core.cli.session import Session


if TYPE_CHECKING:
    from pathlib import Path

    from hygge_core.journal import JournalRecord


@click.command("show", short_help="Show the history of one table")
@click.argument("entity", metavar="FLOW.ENTITY")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="At most N records."
)
@locating
@speaking
@click.pass_context
def show(ctx: click.Context, *, entity: str, limit: int, project: Path | None) -> None:
    """Show what the journal knows of one table, the newest first: its runs, and every watermark that was moved."""
    session = ctx.ensure_object(Session)
    config, plugins = open_project(session, project, ())
    chosen = only(config, entity)
    with opening_journal(session, config, plugins) as journal:
        records = deque(journal.records(flow=chosen.flow, entity=chosen.name), maxlen=limit)
    if session.output == "json":
        for record in reversed(records):
            session.event("record", **_facts(record))
    elif records:
        for line in aligned([_HEADINGS, *map(_cells, reversed(records))], right=("rows",)):
            session.say(line)
    else:
        session.say(f"The journal knows nothing of {chosen.path} yet.")


_HEADINGS = ("finished", "run", "kind", "state", "rows", "low", "high", "watermark", "message")


def _facts(record: JournalRecord) -> dict[str, object]:
    times = {"started": record.started.isoformat(), "finished": record.finished.isoformat()}
    return {**attrs.asdict(record), **times}


def _cells(record: JournalRecord) -> tuple[str, ...]:
    return (
        f"{record.finished.astimezone():%Y-%m-%d %H:%M:%S}",
        record.run,
        record.kind,
        record.state,
        f"{record.rows:,}" if record.kind == "run" else "",
        record.low,
        record.high,
        record.watermark,
        " ".join(filter(None, (record.by, record.message))),
    )
