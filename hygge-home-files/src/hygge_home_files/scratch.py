"""A folder for copies that cannot be avoided: decompressed, re-encoded or cleaned files."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from hygge_core import HomeError


if TYPE_CHECKING:
    from typing import BinaryIO


RESERVE = 256 << 20
"""Bytes of disk that a copy leaves free, so that an archive bomb does not fill the machine."""

_CHUNK = 1 << 20


class Readable(Protocol):
    """A stream of bytes, compressed or plain."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes, none at the end."""
        ...


class Scratch:
    """A private folder, made when first needed and removed by `close`.

    It lies in ``parent``, or where the system keeps temporary files.  Names are numbers:
    nothing that an archive says can choose a place.
    """

    def __init__(self, parent: Path | None = None) -> None:
        self._parent = parent
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files = 0

    def new(self, suffix: str) -> Path:
        """Return the path of a file that does not exist yet."""
        self._files += 1
        return self._place() / f"{self._files:06}{suffix}"

    def require(self, needed: int, *, where: str) -> None:
        """Raise `HomeError` unless so many bytes fit on the disk, with `RESERVE` to spare."""
        place = self._place()
        free = shutil.disk_usage(place).free
        if needed + RESERVE > free:
            what = f"unpacking needs {needed:,} bytes and {place} has {free:,} free, of which {RESERVE:,} stay free"
            raise HomeError(what, where=where, fix="set 'scratch' to a folder on a larger disk")

    def copy(self, source: Readable, *, suffix: str, where: str) -> Path:
        """Write a stream into a new file, watching the free space. Raises what ``source`` raises."""
        target = self.new(suffix)
        with target.open("xb") as out:
            for count, chunk in enumerate(iter(lambda: source.read(_CHUNK), b"")):
                if count % 64 == 0:
                    self.require(_CHUNK * 64, where=where)
                _write(out, chunk, where)
        return target

    def close(self) -> None:
        """Remove everything. Safe to call twice."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = self._make()
        return Path(self._folder.name)

    def _make(self) -> tempfile.TemporaryDirectory[str]:
        try:
            if self._parent is not None:
                self._parent.mkdir(parents=True, exist_ok=True)
            return tempfile.TemporaryDirectory(prefix="hygge-", dir=self._parent, ignore_cleanup_errors=True)
        except OSError as error:
            place = str(self._parent or tempfile.gettempdir())
            raise HomeError(f"no temporary folder can be made: {error}", where=place, fix="set 'scratch'") from error


def _write(out: BinaryIO, chunk: bytes, where: str) -> None:
    try:
        out.write(chunk)
    except OSError as error:
        raise HomeError(f"the copy cannot be written: {error}", where=where, fix="set 'scratch'") from error
