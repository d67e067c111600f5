"""Noticing that a file changes while it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core import HomeError, HomeUnavailable


if TYPE_CHECKING:
    from pathlib import Path


@frozen(kw_only=True)
class Fingerprint:
    """What a file was when it was opened: its size in bytes, its mtime in nanoseconds, its inode."""

    path: Path
    size: int
    modified: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> Fingerprint:
        """Take the fingerprint. Raises `HomeError` for a file that is not there or may not be read."""
        try:
            with path.open("rb"):
                found = path.stat()
        except OSError as error:
            raise HomeError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
        return cls(path=path, size=found.st_size, modified=found.st_mtime_ns, inode=found.st_ino)

    def check(self) -> None:
        """Raise `HomeUnavailable` if the file is another by now.

        That is a `Retryable` error on purpose: a whole new file is usually there a moment
        later, and the engine sweeps what was staged before it reads again.
        """
        try:
            found = self.path.stat()
        except FileNotFoundError as error:
            raise self._changed("vanished") from error
        except OSError as error:
            raise self._changed(f"became unreadable ({error.strerror or error})") from error
        if found.st_ino != self.inode:
            raise self._changed("was replaced")
        if found.st_size != self.size:
            verb = "grew" if found.st_size > self.size else "shrank"
            raise self._changed(f"{verb} from {self.size} to {found.st_size} bytes")
        if found.st_mtime_ns != self.modified:
            raise self._changed("was written to")

    def _changed(self, how: str) -> HomeUnavailable:
        fix = "run again when its writer is done"
        return HomeUnavailable(f"the file {how} while it was read", where=str(self.path), fix=fix)
