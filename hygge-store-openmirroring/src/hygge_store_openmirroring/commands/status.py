"""``hygge mirror status``: how Fabric is getting on with the tables of a flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import click

from hygge_core.cli.columns import aligned
from hygge_core.cli.options import opening, speaking
from hygge_core.cli.session import Session
from hygge_store_openmirroring.commands.chosen import chosen_of, opened_place
from hygge_store_openmirroring.commands.database import demand_database
from hygge_store_openmirroring.fabric.states import TableState


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from hygge_store_openmirroring.fabric.states import DatabaseState
    from hygge_store_openmirroring.landing_zone import TableName


_HEADINGS = ("table", "state", "processed rows", "synchronised")
_ABSENT = "Absent"


@click.command("status", short_help="Show how Fabric is getting on with the tables of a flow")
@click.argument("name", metavar="FLOW[.ENTITY]")
@opening
@speaking
@click.pass_context
def status(ctx: click.Context, *, name: str, project: Path | None, variables: Sequence[str]) -> None:
    """Ask Fabric how the mirrored database of a flow and its tables are.

    A table may read Replicating and hold an error all the same, so errors are shown with every state. Processed
    rows count work, not what the table holds.

    Exit codes: 0 all is well, 1 the database or a table is not.
    """
    session = ctx.ensure_object(Session)
    chosen = chosen_of(session, name, project, variables)
    with opened_place(chosen) as place:
        database = demand_database(place, name)
        state = database.state()
        tables = list(_of(chosen.tables, database.tables()))
    _tell(session, state, tables)
    ctx.exit(0 if state.healthy and all(table.healthy and table.status != _ABSENT for table in tables) else 1)


def _of(wanted: Iterable[TableName], told: Iterable[TableState]) -> Iterator[TableState]:
    """Yield the state of each wanted table, also of those that Fabric does not know."""
    known = {(table.schema, table.table): table for table in told}
    for name in wanted:
        absent = TableState(schema=name.schema, table=name.table, status=_ABSENT)
        yield known.get((name.schema, name.table), absent)


def _tell(session: Session, database: DatabaseState, tables: Sequence[TableState]) -> None:
    if session.output == "json":
        session.event("database", status=database.status, error=database.error)
        for table in tables:
            session.event("table", name=table.name, **attrs.asdict(table))
        return
    session.say(f"The mirrored database is {database.status}{_reason(database.error)}.")
    lines = [(table.name, table.status, f"{table.rows:,}", table.synced or "never") for table in tables]
    for line in aligned([_HEADINGS, *lines], right=("processed rows",)):
        session.say(line)
    for table in tables:
        if table.error:
            session.say(f"{table.name}: {table.error}")


def _reason(error: str) -> str:
    return f": {error}" if error else ""
