"""A project's journal: append to it, read it, merge its files. Safe from many processes at once."""

from __future__ import annotations

import logging
import os
import socket
from typing import TYPE_CHECKING

from attrs import evolve

from hygge_core.errors import Locked
from hygge_core.journal.compaction import Compaction, compact
from hygge_core.journal.folder import JournalFolder
from hygge_core.journal.identity import new_id
from hygge_core.journal.lines import encode
from hygge_core.journal.reading import read_records


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime

    import polars as pl

    from hygge_core.journal.record import JournalRecord
    from hygge_core.lake import Lake


def _log(text: str) -> None:
    logging.getLogger("hygge").warning("%s", text)


MANY = 512
"""How many records may lie about one by one before `Journal.tidy` merges them."""


class Journal:
    """Records of table runs in a lake, one immutable line each.

    ``tell`` hears of files that are not the journal's or not whole, one sentence each; by
    default they are logged.  ``redact`` may hide texts in messages, sources and targets
    before they are written.
    """

    def __init__(
        self,
        lake: Lake,
        path: str = "",
        *,
        tell: Callable[[str], None] = _log,
        redact: Callable[[str], str] = str,
    ) -> None:
        self._folder = JournalFolder(lake, path)
        self._tell = tell
        self._redact = redact

    @property
    def location(self) -> str:
        """The journal's folder, as a reader outside would write it."""
        return self._folder.location

    def append(self, record: JournalRecord) -> JournalRecord:
        """Write one record as a file of its own, whole when this returns, and return it with its id.

        A record without an id gets the next one.  One whose id is there already is left as it
        is there.  It survives the death of the process; a power cut may take the records of
        the last seconds, which reports and commits still hold.  Raises `OSError`.
        """
        named = record if record.id else evolve(record, id=new_id())
        named = evolve(
            named,
            message=self._redact(named.message),
            source=self._redact(named.source),
            target=self._redact(named.target),
        )
        path = self._folder.record(named.id)
        try:
            self._folder.write(path, encode(named))
        except FileExistsError:
            if self._folder.lake.stat(path) is None:  # what exists is a file in the place of a folder
                raise
            return named if record.id else self.append(record)
        return named

    def records(self, *, since: datetime | None = None, flow: str = "", entity: str = "") -> Iterator[JournalRecord]:
        """Yield the records in the order of time, those of one flow or entity and since a moment if asked to.

        Every record whose `append` returned before this was called is among them, once,
        whatever is appended or merged meanwhile.
        """
        found: dict[str, JournalRecord] = {}
        for record in read_records(self._folder, self._tell):
            if _wanted(record, since, flow, entity):
                found[record.id] = record
        told = {record.commit for record in found.values() if not record.rebuilt}
        for name in sorted(found):
            if not (found[name].rebuilt and found[name].commit in told):  # rebuilt while its run was still writing it
                yield found[name]

    def frame(self) -> pl.DataFrame:
        """Return the whole journal as one frame with the schema of `hygge_core.journal.frame.SCHEMA`."""
        from hygge_core.journal.frame import frame_of

        return frame_of(self.records())

    def compact(self) -> Compaction:
        """Merge the small files into one. Raises `Locked` while another process does, `OSError`, `StoreError`."""
        with self.held():
            return compact(self._folder, self._tell)

    def tidy(self) -> Compaction:
        """Merge the small files if there are many and nobody else is at it."""
        if sum(1 for _ in self._folder.files(self._folder.records)) < MANY:
            return Compaction()
        try:
            return self.compact()
        except Locked:
            return Compaction()

    def held(self) -> AbstractContextManager[object]:
        """Keep other processes from merging and rebuilding; appending and reading go on. Raises `Locked`."""
        return self._folder.lake.lease(self._folder.lease, f"process {os.getpid()} on {socket.gethostname()}")


def _wanted(record: JournalRecord, since: datetime | None, flow: str, entity: str) -> bool:
    return (
        (not flow or record.flow == flow)
        and (not entity or record.entity == entity)
        and (since is None or record.started >= since)
    )
