"""A sound lake whose leases can be lost, as those on a server can; `lapse` lets them."""

from __future__ import annotations

import contextlib
import os
import secrets
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

from hygge_core.errors import Locked
from hygge_core.lakes.local import LocalLake


def open_lake(place):
    return LapsingLake(Path(place))


def lapse(place):
    """Let all leases lapse, those of the living too."""
    for lease in Path(place).rglob("lease"):
        os.truncate(lease, 0)


def locked(holder):
    return Locked(f"is being written by {holder}", where="lease", holder=holder, fix="wait for it to finish")


@frozen
class Hold:
    """A lease that is held while its file begins with its token."""

    lake: LocalLake
    path: str
    token: str

    def check(self):
        found = self.lake.read(self.path).decode() if self.lake.stat(self.path) else ""
        if not found.startswith(self.token):
            raise locked("another")


class LapsingLake(LocalLake):
    """Leases are files, empty once they lapsed; a folder moves only if it is still the one of its version."""

    hold = Hold

    @contextmanager
    def lease(self, path, holder):
        token = secrets.token_hex(8)
        self._take(path, f"{token} {holder}".encode())
        hold = self.hold(self, path, token)
        try:
            yield hold
        finally:
            with contextlib.suppress(Locked):
                Hold.check(hold)
                self.delete(path)

    def _take(self, path, text):
        try:
            self.put(path, text, if_absent=True)
        except FileExistsError:
            with contextlib.suppress(FileNotFoundError):
                if found := self.read(path).decode():
                    raise locked(found.partition(" ")[2]) from None
            self.delete(path)
            self._take(path, text)

    def rename_directory(self, source, target, *, version=""):
        found = self.stat(source)
        if version and found and found.version != version:
            message = f"{source} is another folder by now"
            raise OSError(message)
        super().rename_directory(source, target)
