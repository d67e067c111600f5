"""Merging many small files of a journal into one, so that nothing is lost whenever it stops.

The new segment is durable and was read back before any file that it replaces is deleted.
Killed in between, records are there twice, which readers do not notice.
"""

from __future__ import annotations

import contextlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.errors import StoreError
from hygge_core.journal.identity import moment_of
from hygge_core.journal.lines import decode, split
from hygge_core.lake import UNFINISHED


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygge_core.journal.folder import JournalFolder


_SMALL_SEGMENT_BYTES = 4 << 20
_ABANDONED_AFTER = timedelta(days=1)


@frozen(kw_only=True)
class Compaction:
    """What a compaction did: so many ``records`` are now in ``segment``, which replaced so many ``files``."""

    records: int = 0
    files: int = 0
    segment: str = ""


def compact(folder: JournalFolder, tell: Callable[[str], None]) -> Compaction:
    """Merge all records and all segments below 4 MiB into one segment; the caller holds the journal's lease.

    A file that is not all records stays where it is and is told.  Raises `OSError` or
    `StoreError`; then everything is as it was.
    """
    _sweep(folder)
    small = [e.path for e in folder.files(folder.segments) if e.size < _SMALL_SEGMENT_BYTES]
    loose = [e.path for e in folder.files(folder.records)]
    found = folder.contents([*small, *loose])
    contents = {path: lines for path, content in found if (lines := _lines(folder.lake.url(path), content, tell))}
    if len(contents) < 2:  # noqa: PLR2004 - one file has nothing to be merged with
        return Compaction()
    merged = {name: line for lines in contents.values() for name, line in lines.items()}
    segment = _write(folder, merged)
    _delete(folder, list(contents), tell)
    return Compaction(records=len(merged), files=len(contents), segment=folder.lake.url(segment))


def _lines(where: str, content: bytes | OSError, tell: Callable[[str], None]) -> dict[str, bytes]:
    """Return the lines of a file by the ids of their records, as they are; none if one of them is not a record."""
    try:
        if isinstance(content, OSError):
            raise content
        return {decode(line).id: line for line in split(content)}
    except (OSError, ValueError) as error:
        tell(f"{where}: stays as it is, since not all of it is records: {error}")
        return {}


def _write(folder: JournalFolder, lines: dict[str, bytes]) -> str:
    names = sorted(lines)
    data = b"".join(lines[name] + b"\n" for name in names)
    path = folder.segment(f"{names[-1]}-{secrets.token_hex(4)}")
    folder.lake.put(path, data, if_absent=True)
    if folder.lake.read(path) != data:
        raise StoreError("reads back other than it was written", where=folder.lake.url(path), fix="check that disk")
    return path


def _delete(folder: JournalFolder, paths: Sequence[str], tell: Callable[[str], None]) -> None:
    def delete(path: str) -> str:
        try:
            folder.delete(path)
        except OSError as error:
            return f"{folder.lake.url(path)}: cannot be deleted: {error}; the next compaction tries again"
        return ""

    for trouble in filter(None, folder.each(delete, paths)):
        tell(trouble)


def _sweep(folder: JournalFolder) -> None:
    """Delete what a killed writer or a power cut left empty or half written, once nobody can be writing it."""
    for parent in (folder.records, folder.segments):
        for entry in list(folder.lake.list(parent)):
            made = moment_of(entry.path.rpartition("/")[2])
            useless = entry.path.endswith(UNFINISHED) or entry.size == 0
            if useless and made and datetime.now(UTC) - made > _ABANDONED_AFTER:
                with contextlib.suppress(OSError):
                    folder.delete(entry.path)
