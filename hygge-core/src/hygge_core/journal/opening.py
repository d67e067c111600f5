"""Opening the journal of a project: in a folder beside it, or in the lake of a connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hygge_core.connection import OpensLakes
from hygge_core.errors import UsageError
from hygge_core.journal.journal import Journal
from hygge_core.lakes.local import LocalLake


if TYPE_CHECKING:
    from hygge_core.config.model import JournalPlace, Project
    from hygge_core.home import Connections
    from hygge_core.lake import Lake


OpenJournal = Callable[["Connections"], Journal]
"""Opens a journal with the connections of a run, so that both share them."""


def open_journal(
    project: Project, connections: Connections, *, tell: Callable[[str], None], redact: Callable[[str], str]
) -> Journal:
    """Open the one journal of a project, whichever of its flows are at work; made with its first record.

    Raises `UsageError` when its connection holds no files, and whatever opening that connection does.
    """
    place = project.options.journal
    lake = LocalLake(project.root / place) if isinstance(place, str) else _lake(place, connections)
    return Journal(lake, tell=tell, redact=redact)


def _lake(place: JournalPlace, connections: Connections) -> Lake:
    connection = connections.get(place.connection)
    if isinstance(connection, OpensLakes):
        return connection.lake(place.path)
    raise UsageError(
        f"the connection {place.connection!r} does not lead to files, so it holds no journal",
        where="options.journal",
        fix='name a connection to a lake, or a folder beside hygge.toml: journal = "journal"',
    )
