"""``hygge mirror create`` and ``hygge mirror start``: a mirrored database, made and brought to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hygge_core.cli.options import opening, speaking
from hygge_core.cli.session import Session
from hygge_core.errors import UsageError
from hygge_store_openmirroring.commands.chosen import chosen_of, opened_place


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hygge_store_openmirroring.fabric.database import MirroredDatabase
    from hygge_store_openmirroring.opening import MirrorPlace


_TIMEOUT = 600


@click.command("create", short_help="Make a mirrored database")
@click.argument("name")
@click.option("--connection", required=True, metavar="NAME", help="The connection of type onelake that knows whose.")
@click.option("--schema", default="dbo", show_default=True, help="The schema of tables that name none.")
@click.option("--retention", type=click.IntRange(1, 30), metavar="DAYS", help="How long old versions of rows are kept.")
@click.option("--fabric", metavar="URL", help="Fabric's REST interface, where it is not the public cloud's.")
@click.option("--start", "begin", is_flag=True, help="Start it too, and wait until it runs.")
@opening
@speaking
@click.pass_context
def create(  # noqa: PLR0913 - one for each option
    ctx: click.Context,
    *,
    name: str,
    connection: str,
    schema: str,
    retention: int | None,
    fabric: str | None,
    begin: bool,
    project: Path | None,
    variables: Sequence[str],
) -> None:
    """Make a mirrored database that is filled through its landing zone, in the workspace of a connection.

    Its id is said at the end, for `mirror` in the store of a flow.
    """
    from hygge_core.cli.loading import open_project
    from hygge_core.engine.opened import Opened
    from hygge_store_openmirroring.fabric.creation import create as make
    from hygge_store_openmirroring.fabric.reaching import api_behind

    session = ctx.ensure_object(Session)
    config, plugins = open_project(session, project, variables)
    with Opened.to_look(config, plugins) as opened:
        api, workspace = api_behind(connection, opened.context(), fabric)
        database = make(api, workspace, name, default_schema=schema, retention_days=retention)
        _tell_made(session, name, database)
        if begin:
            _tell_running(session, database, _TIMEOUT)


@click.command("start", short_help="Start the mirrored database of a flow")
@click.argument("name", metavar="FLOW")
@click.option(
    "--timeout", type=click.FloatRange(min=0), default=_TIMEOUT, show_default=True, metavar="SECONDS",
    help="How long to wait until it runs.",
)  # fmt: skip
@opening
@speaking
@click.pass_context
def start(ctx: click.Context, *, name: str, timeout: float, project: Path | None, variables: Sequence[str]) -> None:
    """Start the mirrored database of a flow, unless it runs, and wait until it does.

    There is no command to stop it: what stops begins anew, without the files that Fabric has cleaned away.
    """
    session = ctx.ensure_object(Session)
    with opened_place(chosen_of(session, name, project, variables)) as place:
        _tell_running(session, demand_database(place, name), timeout)


def demand_database(place: MirrorPlace, name: str) -> MirroredDatabase:
    """Return the database behind a landing zone. Raises `UsageError` where there is nobody to ask."""
    if place.database is None:
        raise UsageError(
            "Fabric cannot be asked about this landing zone",
            where=name,
            fix="for a folder here see `hygge mirror simulate`; else name the workspace by its id, sign in by a "
            "credential that gives tokens, and outside of the public cloud set fabric",
        )
    return place.database


def _tell_made(session: Session, name: str, database: MirroredDatabase) -> None:
    if session.output == "json":
        session.event("created", name=name, workspace=database.workspace, mirror=database.id)
    else:
        session.say(f"{name} is made. In the store of a flow, write:")
        session.say(f'  mirror = "{database.id}"')


def _tell_running(session: Session, database: MirroredDatabase, timeout: float) -> None:
    state = database.start(within=timeout)
    if session.output == "json":
        session.event("database", status=state.status, error=state.error)
    else:
        session.say(f"The mirrored database is {state.status}.")
