"""Opening the journal of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.journal.journal import Journal
from hygge_core.lakes.local import LocalLake


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.config.model import Project


def open_journal(project: Project, *, tell: Callable[[str], None], redact: Callable[[str], str]) -> Journal:
    """Open the one journal of a project, whichever of its flows are at work; made with its first record."""
    return Journal(LocalLake(project.root / project.options.journal), tell=tell, redact=redact)
