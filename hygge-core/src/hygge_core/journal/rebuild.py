"""Writing the journal anew from what the stores know: their commit records."""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core.journal.journal import Journal
    from hygge_core.journal.record import JournalRecord


def rebuild(journal: Journal, told: Iterable[JournalRecord]) -> int:
    """Append what commits tell (see `hygge_core.journal.commits.of_commit`) and the journal lacks; count it.

    Commits are matched by run, flow, entity and sequence.  Runs that committed nothing are
    in no store, so what failed or was kept does not come back.  Repeating it adds nothing.
    Raises `Locked` while another process merges or rebuilds, and `OSError`.
    """
    with journal.held():
        known = {record.commit for record in journal.records()}
        missing = [record for record in told if record.commit not in known]
        for record in missing:
            journal.append(record)
    return len(missing)
