"""Reading a whole journal while others write and merge it, so that no record is missed.

Records are listed first, then segments: a record that is merged in between is in a segment
by then.  Segments merge too, and a listing that overlaps with that may show neither the
old nor the new one; so they are listed until a listing shows nothing new.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from hygge_core.errors import HyggeError
from hygge_core.journal.lines import decode, split


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hygge_core.journal.folder import JournalFolder
    from hygge_core.journal.record import JournalRecord


_LISTINGS = 1000


def read_records(folder: JournalFolder, tell: Callable[[str], None]) -> Iterator[JournalRecord]:
    """Yield every record that was there when the reading began, in no order, some of them twice.

    What cannot be read is told, one sentence each, and the rest is read.
    """
    loose = [entry.path for entry in folder.files(folder.records)]
    for paths in chain([loose], _segments(folder)):
        for path, content in folder.contents(paths):
            yield from _of_file(folder.lake.url(path), content, tell)


def _segments(folder: JournalFolder) -> Iterator[list[str]]:
    known: set[str] = set()
    for listing in range(_LISTINGS):
        new = [entry.path for entry in folder.files(folder.segments) if entry.path not in known]
        if not new and listing:
            return
        known.update(new)
        yield new
    raise HyggeError(
        "is merged faster than it can be read", where=folder.location, fix="find out who compacts it without a pause"
    )


def _of_file(where: str, content: bytes | OSError, tell: Callable[[str], None]) -> Iterator[JournalRecord]:
    if isinstance(content, OSError):
        tell(f"{where}: cannot be read: {content}; the other records are not affected")
        return
    for number, line in enumerate(split(content), 1):
        try:
            yield decode(line)
        except ValueError as error:
            tell(
                f"{where}: line {number} is no record of the journal ({error}); "
                "move the file elsewhere, then `hygge journal rebuild` writes anew what the stores know"
            )
