"""``hygge mirror simulate``: what the mirrored database would hold after this landing zone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hygge_core.cli.columns import aligned
from hygge_core.cli.options import opening, speaking
from hygge_core.cli.session import Session
from hygge_store_openmirroring.commands.place import opened_zone


if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hygge_store_openmirroring.replicator.replicator import Poll, Replicator
    from hygge_store_openmirroring.replicator.table import MirroredTable


_HEADINGS = ("table", "rows", "files", "state")


@click.command("simulate", short_help="Show what Fabric would hold")
@click.argument("zone", metavar="FLOW|FOLDER")
@click.option("--into", type=click.Path(path_type=Path), metavar="FOLDER", help="Keep the tables there, as Parquet.")
@click.option("--watch", type=click.FloatRange(min=0.1), metavar="SECONDS", help="Look again and again, until Ctrl-C.")
@click.option("--clean", is_flag=True, help="Move processed files aside as Fabric does, and purge them a week later.")
@opening
@speaking
@click.pass_context
def simulate(  # noqa: PLR0913 - one for each option
    ctx: click.Context,
    *,
    zone: str,
    into: Path | None,
    watch: float | None,
    clean: bool,
    project: Path | None,
    variables: Sequence[str],
) -> None:
    """Replay a landing zone as Fabric would, and show the tables that come of it.

    Without --clean the zone is only read. With --into the tables are kept as Parquet files, and the next call
    goes on where this one ended; without, everything is replayed from the first file.

    Exit codes: 0, or 1 if a table is stopped by an error.
    """
    from hygge_store_openmirroring.replicator.replicator import Replicator
    from hygge_store_openmirroring.replicator.state import load

    session = ctx.ensure_object(Session)
    with opened_zone(session, zone, project, variables) as lake:
        replicator = Replicator(lake, clean=clean, tables=load(into) if into else ())
        _replay(session, replicator, into, watch, clean=clean)
    ctx.exit(1 if any(table.failure for table in replicator.tables.values()) else 0)


def _replay(session: Session, replicator: Replicator, into: Path | None, watch: float | None, *, clean: bool) -> None:
    """Look once, or again and again; tell of the tables whenever they changed."""
    while True:
        poll = replicator.poll()
        if clean:
            replicator.purge(time.time())
        if into is not None:
            _keep(into, replicator, poll)
        if watch is None or poll.changed or poll.appeared or poll.dropped:
            _tell(session, replicator.tables.values())
        if watch is None:
            return
        session.out.flush()
        time.sleep(watch)


def _keep(folder: Path, replicator: Replicator, poll: Poll) -> None:
    from hygge_store_openmirroring.replicator.state import forget, save

    for name in poll.dropped:
        forget(folder, name)
    for table in replicator.tables.values():
        save(folder, table)


def _tell(session: Session, tables: Iterable[MirroredTable]) -> None:
    if session.output == "json":
        for table in tables:
            session.event("table", **_facts(table))
        return
    lines = [tuple(str(value) for value in _facts(table).values()) for table in tables]
    if not lines:
        session.say("No tables yet.")
        return
    for line in aligned([_HEADINGS, *lines], right=("rows", "files")):
        session.say(line)


def _facts(table: MirroredTable) -> dict[str, object]:
    state = f"stopped: {table.failure.message}" if table.failure else "replicating"
    return {"table": str(table.name), "rows": table.rows.height, "files": len(table.taken), "state": state}
