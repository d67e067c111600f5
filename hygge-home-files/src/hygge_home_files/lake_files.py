"""A file in the lake of a connection: scanned where it lies, or fetched once, and compared with its listing."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from attrs import field, frozen

from hygge_core import HomeError, HomeUnavailable
from hygge_core.connection import ScansUrls
from hygge_core.errors import HyggeError, Retryable
from hygge_core.lake import Entry, Lake  # noqa: TC001 - part of the data below
from hygge_home_files.archives import Piece
from hygge_home_files.files import Address


if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from hygge_core.home import Connection
    from hygge_home_files.scratch import Scratch


@contextmanager
def asking(where: str) -> Iterator[None]:
    """Turn what a lake raises into an error of the home; `HomeUnavailable` for what may pass."""
    try:
        yield
    except HomeError:
        raise
    except HyggeError as error:
        kind = HomeUnavailable if isinstance(error, Retryable) else HomeError
        raise kind(error.what, where=error.where or where, fix=error.fix) from error
    except OSError as error:
        raise HomeError(f"cannot be read: {error.strerror or error}", where=where, fix="check the file") from error


@frozen(kw_only=True)
class LakeFile:
    """A file of a lake, as it was listed. ``connection`` tells Polars how to read it, if it can."""

    lake: Lake
    entry: Entry
    connection: Connection = field(repr=False)

    @property
    def label(self) -> str:
        """Its address."""
        return self.lake.url(self.entry.path)

    @property
    def size(self) -> int:
        """How many bytes it had when it was listed."""
        return self.entry.size

    def watch(self) -> LakeFile:
        """Return itself: the listing is what it is compared with."""
        return self

    def check(self) -> None:
        """Raise `HomeUnavailable` if the file is another by now: gone, of another size, or of another version."""
        with asking(self.label):
            now = self.lake.stat(self.entry.path)
        if now is None or now.is_directory:
            raise self._changed("vanished")
        if now.size != self.entry.size:
            verb = "grew" if now.size > self.entry.size else "shrank"
            raise self._changed(f"{verb} from {self.entry.size} to {now.size} bytes")
        if now.version != self.entry.version:
            raise self._changed("was written to")

    def piece(self, scratch: Scratch) -> Piece:
        """Fetch the file into scratch, under an ending that tells how it is compressed. Raises `HomeError`."""
        scratch.require(self.entry.size, where=self.label)
        with asking(self.label), self.lake.open(self.entry.path) as stream:
            path = scratch.copy(stream, suffix=PurePosixPath(self.entry.path).suffix, where=self.label)
        return Piece(label=self.label, path=path)

    def address(self, scratch: Scratch) -> Address:
        """Return the URL that Polars takes, or a copy where the connection knows none. Raises `HomeError`."""
        if isinstance(self.connection, ScansUrls):
            with asking(self.label):
                url, options = self.connection.url(self.entry.path), self.connection.scan_options()
            return Address(label=self.label, text=url, open=self._open, options=options)
        path = self.piece(scratch).path
        return Address(label=self.label, text=str(path), open=lambda: path.open("rb"))

    @contextmanager
    def _open(self) -> Iterator[BinaryIO]:
        with asking(self.label), self.lake.open(self.entry.path) as stream:
            yield stream

    def _changed(self, how: str) -> HomeUnavailable:
        fix = "run again when its writer is done"
        return HomeUnavailable(f"the file {how} while it was read", where=self.label, fix=fix)
