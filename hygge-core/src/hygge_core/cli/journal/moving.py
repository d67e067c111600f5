"""``hygge journal set`` and ``reset``: moving one watermark by hand."""

from __future__ import annotations

import getpass
import socket
from typing import TYPE_CHECKING

import click
from attrs import evolve

from hygge_core.cli.journal.access import journal_opener, only, opening_stores
from hygge_core.cli.journal.present import facts, text_of
from hygge_core.cli.loading import open_project
from hygge_core.cli.options import opening, speaking
from hygge_core.cli.session import Session
from hygge_core.errors import HyggeError


if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hygge_core.commit import Origin
    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.engine.opened import Opened
    from hygge_core.mark import Mark


@click.command("set", short_help="Move the watermark of one table")
@click.argument("entity", metavar="FLOW.ENTITY")
@click.argument("value")
@opening
@speaking
@click.pass_context
def set_(ctx: click.Context, *, entity: str, value: str, project: Path | None, variables: Sequence[str]) -> None:
    """Move the watermark of one table to VALUE: the next incremental run reads from there.

    Rows that the store has already are not added again, and none is removed.  A value
    that begins with a dash is written after `--`.
    """
    from hygge_core.engine.marking import parse_watermark

    session = ctx.ensure_object(Session)
    config, plugins = open_project(session, project, variables)
    chosen = only(config, entity)
    with opening_stores(config, plugins) as opened:
        move(session, config, opened, chosen, parse_watermark(opened, chosen, value), origin="set")


@click.command("reset", short_help="Forget the watermark of one table")
@click.argument("entity", metavar="FLOW.ENTITY")
@opening
@speaking
@click.pass_context
def reset(ctx: click.Context, *, entity: str, project: Path | None, variables: Sequence[str]) -> None:
    """Forget how far one table has come: the next incremental run reads everything and adds what is missing.

    It is also the way on after the watermark's column or key has changed in the configuration.
    """
    session = ctx.ensure_object(Session)
    config, plugins = open_project(session, project, variables)
    chosen = only(config, entity)
    with opening_stores(config, plugins) as opened:
        move(session, config, opened, chosen, None, origin="reset")


def move(  # noqa: PLR0913 - one call with everything that it takes
    session: Session, config: Project, opened: Opened, entity: EntityConfig, mark: Mark | None, *, origin: Origin
) -> None:
    """Move one watermark, put it into the journal and say what changed."""
    from hygge_core import __version__
    from hygge_core.engine.marking import move_watermark
    from hygge_core.journal.commits import of_commit

    journal = journal_opener(session, config)(opened)
    moved = move_watermark(opened, entity, mark, origin=origin, by=_somebody())
    old, new, commit = text_of(moved.old), text_of(moved.new), moved.receipt.record
    record = of_commit(commit, project=config.name, target=moved.receipt.location)
    try:
        journal.append(evolve(record, id="", message=f"{old} -> {new}", hygge=__version__, rebuilt=False))
    except (OSError, HyggeError) as error:
        session.warn(f"{journal.location}: the journal cannot be written: {error}; the watermark is moved all the same")
    if session.output == "json":
        session.event("watermark.moved", **facts(entity, commit), old=old)
    else:
        session.say(f"{entity.path}: watermark {moved.new.column} moved from {old} to {new}")


def _somebody() -> str:
    """Name the person at the keyboard, as well as this machine can."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no user database, as in some containers
        user = "somebody"
    return f"{user}@{socket.gethostname()}"
