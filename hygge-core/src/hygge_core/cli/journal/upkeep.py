"""``hygge journal rebuild`` and ``compact``: a journal made whole, and made of fewer files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hygge_core.cli import figures
from hygge_core.cli.journal.access import journal_opener, opening_journal, opening_stores
from hygge_core.cli.loading import open_project
from hygge_core.cli.options import locating, opening, speaking
from hygge_core.cli.session import Session
from hygge_core.errors import HyggeError


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.engine.opened import Opened
    from hygge_core.journal import JournalRecord


@click.command("rebuild", short_help="Write records that are missing, from the stores' commits")
@opening
@speaking
@click.pass_context
def rebuild(ctx: click.Context, *, project: Path | None, variables: Sequence[str]) -> None:
    """Write the records that the journal lacks from the commit records in the stores.

    What failed or was left alone is in no store and does not come back.  Exit codes: 0, or 1
    if a store could not be asked; the records of the others are written all the same.
    """
    from hygge_core.journal.rebuild import rebuild as write_missing

    session = ctx.ensure_object(Session)
    config, plugins = open_project(session, project, variables)
    with opening_stores(config, plugins) as opened:
        journal = journal_opener(session, config)(opened)
        asked = _Commits(session, config, opened)
        added = write_missing(journal, asked.told())
    if session.output == "json":
        session.event("journal.rebuilt", path=journal.location, records=added)
    else:
        session.say(f"{figures.count(added, 'record')} written anew to {journal.location}")
    ctx.exit(1 if asked.failed else 0)


@click.command("compact", short_help="Merge the journal's small files")
@locating
@speaking
@click.pass_context
def compact(ctx: click.Context, *, project: Path | None) -> None:
    """Merge the journal's small files into one. A run does it by itself once there are many."""
    session = ctx.ensure_object(Session)
    config, plugins = open_project(session, project, ())
    with opening_journal(session, config, plugins) as journal:
        done = journal.compact()
    if session.output == "json":
        session.event("journal.compacted", path=done.segment, records=done.records, files=done.files)
    elif done.files:
        session.say(f"{figures.count(done.records, 'record')} of {done.files:,} files are now in {done.segment}")
    else:
        session.say("There is nothing to merge.")


class _Commits:
    """Every commit of a project's tables, as records; ``failed`` once a store could not be asked."""

    def __init__(self, session: Session, config: Project, opened: Opened) -> None:
        self.session = session
        self.config = config
        self.opened = opened
        self.failed = False

    def told(self) -> Iterator[JournalRecord]:
        for entity in self.config.entities:
            try:
                yield from self._of(entity)
            except HyggeError as error:
                self.failed = True
                self.session.warn(f"{entity.path}: {error}")

    def _of(self, entity: EntityConfig) -> Iterator[JournalRecord]:
        from hygge_core.commit import Table
        from hygge_core.journal.commits import of_commit
        from hygge_core.store import Recalls

        store, table = self.opened.store(entity.store), Table(name=entity.name, flow=entity.flow)
        if not isinstance(store, Recalls):
            raise HyggeError("its store does not list its commits", fix="its records cannot be written anew")
        for commit in store.commits(table):
            yield of_commit(commit, project=self.config.name, target=store.locate(table))
