"""Bringing the journal to stores that show it to their readers, once after a run; that fails no table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.commit import TableRun
from hygge_core.store import MirrorsJournal


if TYPE_CHECKING:
    from datetime import datetime

    from hygge_core.engine.opened import Opened
    from hygge_core.engine.teller import Teller
    from hygge_core.journal import Journal


def journal_mirrors(opened: Opened) -> dict[str, MirrorsJournal]:
    """Return the open stores that show the journal, by the place where they do: one for each."""
    stores = (store for store in opened.stores() if isinstance(store, MirrorsJournal))
    return {place: store for store in stores if (place := store.journal_place)}


def mirror_journal(journal: Journal, opened: Opened, teller: Teller, started: datetime) -> None:
    """Bring each mirror up to the journal; what goes wrong is a warning, and the next run makes up for it."""
    for place, store in journal_mirrors(opened).items():
        run = TableRun(id=teller.run, flow="", entity="journal", started=started)
        try:
            store.mirror_journal(journal.frame(), run)
        except Exception as error:  # noqa: BLE001 - the tables are settled, whatever is wrong with the mirror
            text = f"{place}: the journal is not mirrored: {error}; no table is affected, the next run makes up for it"
            teller.say("warning", text=text)
