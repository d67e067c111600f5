"""The commit records of one table: the pending one and those that ended.

``pending.json`` appears in one step and only where there is none: that is the moment from
which the commit will happen.  Ending a commit renames it into ``commits``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.commit import CommitRecord
from hygge_core.errors import CommitConflict, StoreError
from hygge_core.records import dump, load


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.commit import Part
    from hygge_core.lake import Lake
    from hygge_core.staging.place import Place


@frozen
class History:
    """The records of one table in one lake."""

    lake: Lake
    place: Place

    def pending(self) -> CommitRecord | None:
        """Read the commit that has begun and not ended."""
        if self.lake.stat(self.place.pending) is None:
            return None
        return self._read(self.place.pending)

    def begin(self, record: CommitRecord) -> None:
        """Write the pending record durably. Raises `CommitConflict` when another commit came in between."""
        data = dump(record)
        try:
            self.lake.put(self.place.pending, data, if_absent=True)
        except OSError as error:
            if not self._is_pending(data):
                if isinstance(error, FileExistsError):
                    raise self._conflict("another commit has begun") from error
                raise
        if self.last_sequence() >= record.sequence:
            self.lake.delete(self.place.pending)
            raise self._conflict(f"commit {record.sequence} was made by another writer meanwhile")

    def end(self, record: CommitRecord) -> None:
        """Turn the pending record into one that ended. Safe to repeat."""
        target = self.place.commit(record)
        try:
            self.lake.rename(self.place.pending, target)
        except OSError:
            if self.lake.stat(target) is None:
                raise

    def unfinished(self) -> CommitRecord | None:
        """Read the pending record that is still to be carried out; one that ended, or was overtaken, is deleted.

        Neither of these happens while one writer holds the table; both can after its lease was lost.
        """
        pending = self.pending()
        if pending is not None and pending.sequence <= self.last_sequence():
            self.lake.delete(self.place.pending)
            return None
        return pending

    def ended(self, token: str) -> CommitRecord | None:
        """Find the record of one attempt among those that ended."""
        for path, known in self._paths():
            if known == token:
                return self._read(path)
        return None

    def last(self) -> CommitRecord | None:
        """Read the newest record that ended."""
        paths = [path for path, _ in self._paths()]
        return self._read(paths[-1]) if paths else None

    def all(self) -> Iterator[CommitRecord]:
        """Read every record that ended, the oldest first."""
        return (self._read(path) for path, _ in self._paths())

    def newest(self) -> Iterator[CommitRecord]:
        """Read every record that ended, the newest first, each when it is asked for."""
        return (self._read(path) for path, _ in reversed(list(self._paths())))

    def last_sequence(self) -> int:
        """Return the newest sequence number, 0 before the first commit, without reading a record."""
        paths = [path for path, _ in self._paths()]
        return int(paths[-1].rpartition("/")[2].partition(".")[0]) if paths else 0

    def present(self) -> dict[str, Part]:
        """Find what the table consists of by now, by name: the newest record of a whole table, and what was added."""
        found: dict[str, Part] = {}
        for path, _ in reversed(list(self._paths())):
            record = self._read(path)
            found |= {part.name: part for part in record.parts}
            if record.table.mode != "append":
                break
        return found

    def tokens(self) -> frozenset[str]:
        """Return the tokens of all attempts that were committed."""
        return frozenset(token for _, token in self._paths())

    def _paths(self) -> Iterator[tuple[str, str]]:
        for entry in self.lake.list(self.place.commits):
            name = entry.path.rpartition("/")[2]
            sequence, _, rest = name.partition(".")
            if sequence.isdigit() and rest.endswith(".json"):
                yield entry.path, rest.removesuffix(".json")

    def _is_pending(self, data: bytes) -> bool:
        try:
            return self.lake.read(self.place.pending) == data
        except OSError:
            return False

    def _read(self, path: str) -> CommitRecord:
        try:
            return load(self.lake.read(path), CommitRecord)
        except ValueError as error:
            raise StoreError(
                "is not a commit record that this version of hygge can read",
                where=self.lake.url(path),
                fix="if a newer hygge wrote it, use that; otherwise restore the file, nothing was changed",
            ) from error

    def _conflict(self, what: str) -> CommitConflict:
        return CommitConflict(what, where=self.lake.url(self.place.table), fix="run again; nothing was overwritten")
