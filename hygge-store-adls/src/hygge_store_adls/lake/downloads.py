"""Large files on their way down: in ranges, as many bytes as the reader seems to want, of one state of the file."""

from __future__ import annotations

import errno
import io
from typing import TYPE_CHECKING

from azure.core import MatchConditions

from hygge_core.staging.check import Checksum
from hygge_store_adls.lake.entries import is_folder


if TYPE_CHECKING:
    from typing_extensions import Buffer

    from hygge_store_adls.lake.files import Files


_LEAST, _MOST = 64 << 10, 8 << 20
"""Bytes of one request: the least, which holds the footer of most Parquet files, and the most."""


class Download(io.RawIOBase):
    """A file that is read in ranges. A seek costs nothing, and reading on makes the ranges grow.

    Raises `FileNotFoundError` and `IsADirectoryError`, and `OSError` from a read when the
    file was replaced since it was opened.
    """

    def __init__(self, files: Files, path: str) -> None:
        super().__init__()
        self._files = files
        self._path = path
        self._blob = files.clients.blob(path)
        found = files.requests.make(self._blob.get_blob_properties, path)
        if is_folder(found.metadata):
            raise IsADirectoryError(errno.EISDIR, "is a folder", files.requests.place.url(path))
        self._size, self._etag = int(found.size), found.etag
        self._place = 0
        self._window, self._start, self._step = b"", 0, _LEAST

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return where the next read begins."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to an offset from the start, from here or from the end."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError(errno.EINVAL, "cannot seek to before the start of a file")
        self._place = base + offset
        return self._place

    def readinto(self, buffer: Buffer, /) -> int:
        """Fill as much of the buffer as is at hand or comes with one request."""
        view = memoryview(buffer).cast("B")
        within = self._place - self._start
        if not 0 <= within < len(self._window):
            self._fetch(view.nbytes)
            within = self._place - self._start
        taken = self._window[within : within + view.nbytes]
        view[: len(taken)] = taken
        self._place += len(taken)
        return len(taken)

    def readall(self) -> bytes:
        """Read what is left, in the largest ranges."""
        self._step = _MOST
        pieces = bytearray()
        while self._place < self._size:
            pieces += self.read(min(_MOST, self._size - self._place)) or b""
        return bytes(pieces)

    def _fetch(self, wanted: int) -> None:
        """Get the range that the next read falls into: longer if reading goes on, and with the end if that is near."""
        goes_on = self._place == self._start + len(self._window) and self._window
        self._step = min(self._step * 4, _MOST) if goes_on else _LEAST
        length = min(max(wanted, self._step), _MOST)
        start = min(self._place, max(self._size - _LEAST, 0))
        end = min(max(self._place + length, start + _LEAST), self._size)
        self._window = self._get(start, end - start) if self._place < self._size else b""
        self._start = start if self._window else self._place

    def _get(self, start: int, length: int) -> bytes:
        def download() -> bytes:
            condition = MatchConditions.IfNotModified
            found = self._blob.download_blob(start, length, etag=self._etag, match_condition=condition)
            return found.readall()

        try:
            return self._files.requests.make(download, self._path)
        except FileExistsError as error:  # the condition does not hold
            where = self._files.requests.place.url(self._path)
            raise OSError(errno.ESTALE, "was replaced while it was read; read it again", where) from error


def checksum(files: Files, path: str) -> str:
    """Read a file from end to end and return its checksum."""
    read = Checksum()
    with Download(files, path) as file:
        while chunk := file.read(_MOST):
            read.update(chunk)
    return str(read)
