"""Where the files of a journal are: new records one by one, and segments that hold many.

Every file holds whole lines, is written once and never changed.  ``records/<id>.ndjson``
is one record as it came; ``segments/<id>-<token>.ndjson`` holds many, after compaction.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen

from hygge_core.lake import Defers, HasLocalPaths


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hygge_core.lake import Entry, Lake

T = TypeVar("T")

SUFFIX = ".ndjson"
_AT_ONCE = 16
_AHEAD = 64


@frozen
class JournalFolder:
    """The files of one journal in one lake; ``path`` is empty where the lake is the journal's own."""

    lake: Lake
    path: str = ""

    @property
    def location(self) -> str:
        """The folder, as a reader outside would write it."""
        return self.lake.url(self.path)

    @property
    def lease(self) -> str:
        """The file that whoever merges or rebuilds holds."""
        return self._below("lease")

    @property
    def records(self) -> str:
        """The folder of records that came one by one."""
        return self._below("records")

    @property
    def segments(self) -> str:
        """The folder of files that hold many records."""
        return self._below("segments")

    def record(self, name: str) -> str:
        """Return the file of one record."""
        return f"{self.records}/{name}{SUFFIX}"

    def segment(self, name: str) -> str:
        """Return the file of one segment."""
        return f"{self.segments}/{name}{SUFFIX}"

    def files(self, folder: str) -> Iterator[Entry]:
        """Yield the finished files of a folder."""
        return (e for e in self.lake.list(folder) if e.path.endswith(SUFFIX) and not e.is_directory)

    def read(self, path: str) -> bytes | None:
        """Read a file whole; None when it has gone, which a merged one may at any time.

        Raises `OSError` for a file that is there and cannot be read.
        """
        try:
            return self.lake.read(path)
        except OSError:
            if self.lake.stat(path) is None:
                return None
            raise

    def each(self, do: Callable[[str], T], paths: Sequence[str]) -> Iterator[T]:
        """Yield what ``do`` returns for each file, in order; over a network several are asked for at a time."""
        if isinstance(self.lake, HasLocalPaths):
            yield from map(do, paths)
            return
        with ThreadPoolExecutor(_AT_ONCE, "hygge-journal") as threads:
            for first in range(0, len(paths), _AHEAD):
                yield from threads.map(do, paths[first : first + _AHEAD])

    def write(self, path: str, data: bytes) -> None:
        """Write one record; where a power cut loses it, its commit is still in the store and in the run's report.

        Raises `FileExistsError` when the name is taken.
        """
        if isinstance(self.lake, Defers):
            self.lake.put_soon(path, data)
        else:
            self.lake.put(path, data, if_absent=True)

    def contents(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes | OSError]]:
        """Yield each file with what is in it, nothing when it has gone, or with why it cannot be read."""
        return zip(paths, self.each(self._content, paths), strict=True)

    def delete(self, path: str) -> None:
        """Delete a file whose records are elsewhere; where a power cut brings it back, they are there twice."""
        if isinstance(self.lake, Defers):
            self.lake.delete_soon(path)
        else:
            self.lake.delete(path)

    def _content(self, path: str) -> bytes | OSError:
        try:
            return self.read(path) or b""
        except OSError as error:
            return error

    def _below(self, name: str) -> str:
        return f"{self.path}/{name}" if self.path else name
