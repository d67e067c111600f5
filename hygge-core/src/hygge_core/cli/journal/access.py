"""What the commands of the journal need of a project: its journal, its stores, one of its tables."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from hygge_core.cli.selection import select
from hygge_core.errors import UsageError
from hygge_core.journal.opening import open_journal


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.cli.session import Session
    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.engine.opened import Opened
    from hygge_core.journal import Journal
    from hygge_core.journal.opening import OpenJournal
    from hygge_core.plugins import Plugins


def journal_opener(session: Session, config: Project) -> OpenJournal:
    """Return what opens the project's journal; what is wrong with its files becomes warnings."""
    return partial(open_journal, config, tell=session.warn, redact=session.redactor.text)


@contextmanager
def opening_journal(session: Session, config: Project, plugins: Plugins) -> Iterator[Journal]:
    """Open the project's journal for as long as a context lasts."""
    with opening_stores(config, plugins) as opened:
        yield journal_opener(session, config)(opened)


def only(config: Project, name: str) -> EntityConfig:
    """Choose one entity. Raises `UsageError` for a name of none or of several."""
    found = select(config, (), (name,))
    if len(found) != 1:
        raise UsageError(f"{name!r} means {len(found)} tables", fix="name one, as FLOW.ENTITY")
    return found[0]


def opening_stores(config: Project, plugins: Plugins) -> Opened:
    """Open what is needed of a project, for as long as a context lasts."""
    from hygge_core.engine.opened import Opened

    return Opened.to_look(config, plugins)
