"""Accounts without a hierarchical namespace: folders are beginnings of names, and moving is copying and deleting.

Nothing here moves in one step but a single small file's appearance, and the abilities say
so.  Folders without files are kept as empty blobs that are marked as other tools mark them.
"""

from __future__ import annotations

import contextlib
import errno
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen
from azure.core import MatchConditions
from azure.core.credentials import AzureSasCredential
from azure.storage.blob import BlobPrefix

from hygge_core.lake import Entry, LakeAbilities
from hygge_store_adls.lake.downloads import checksum
from hygge_store_adls.lake.entries import FOLDER, entry_of, in_order


if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure.storage.blob import BlobProperties

    from hygge_store_adls.lake.files import Files
    from hygge_store_adls.lake.place import Credential, LakePlace


_LOOKS, _BETWEEN_LOOKS_SECONDS = 600, 0.5


@frozen
class Flat:
    """Folders that exist in names only."""

    files: Files
    credential: Credential

    @property
    def abilities(self) -> LakeAbilities:
        """What is left without real folders."""
        return LakeAbilities(
            atomic_directory_rename=False,
            atomic_directory_exchange=False,
            atomic_replace=False,
            put_if_absent=True,
            directories=False,
        )

    def stat(self, path: str) -> Entry | None:
        """Describe a file, a marked folder, or a folder that only the names in it tell of."""
        found = self._settled(path) if self._place.at(path) else None
        if found is not None:
            return entry_of(path, found)
        return Entry(path=path, size=0, is_directory=True) if any(self._blobs(path, most=1)) else None

    def list(self, path: str, *, recursive: bool) -> Iterator[Entry]:
        """Yield what is in a folder, put in order when all pages are there."""
        found: dict[str, Entry] = {}
        for blob in self._blobs(path) if recursive else self._level(path):
            for entry in self._entries(path, blob):
                found.setdefault(entry.path, entry)
        yield from in_order(list(found.values()))

    def make(self, path: str) -> None:
        """Mark a folder. Raises `FileExistsError` when a file has its name."""
        there = self.stat(path)
        if there is None:
            blob = self.files.clients.blob(path)
            with contextlib.suppress(FileExistsError):
                self.files.requests.make(lambda: blob.upload_blob(b"", overwrite=False, metadata=FOLDER), path)
        elif not there.is_directory:
            raise FileExistsError(errno.EEXIST, "is a file", self._place.url(path))

    def rename(self, source: str, target: str, *, replace: bool = False) -> None:
        """Copy a file within the service, see that it arrived, and delete the old one."""
        self._copy(source, target, replace=replace)
        self.files.delete(source)

    def rename_directory(self, source: str, target: str, *, version: str = "") -> None:  # noqa: ARG002 - it has none
        """Move one file after the other. Raises `FileExistsError` when the new name is taken."""
        if self.stat(source) is None:
            raise FileNotFoundError(errno.ENOENT, "is not there", self._place.url(source))
        if self.stat(target) is not None:
            raise FileExistsError(errno.EEXIST, "is taken", self._place.url(target))
        self.make(target)
        for entry in list(self.list(source, recursive=True)):
            moved = target + entry.path.removeprefix(source)
            self.make(moved) if entry.is_directory else self.rename(entry.path, moved)
        self.delete_directory(source)

    def delete(self, path: str) -> None:
        """Delete a file; no error when it is not there."""
        self.files.delete(path)

    def delete_directory(self, path: str) -> None:
        """Delete one file after the other; no error when there is none."""
        for entry in [*self.list(path, recursive=True)][::-1]:
            self.files.delete(entry.path)
        if self._place.at(path):
            self.files.delete(path)

    def _copy(self, source: str, target: str, *, replace: bool) -> None:
        blob = self.files.clients.blob(target)
        free: dict[str, Any] = {} if replace else {"match_condition": MatchConditions.IfMissing}
        self.files.requests.make(
            lambda: blob.start_copy_from_url(self._signed(source), **free),
            target,
            done=lambda: self._same(source, target),
        )
        copied = self._settled(target)
        if copied is None or copied.copy.status not in {"success", None}:
            raise OSError(errno.EIO, "the service did not finish a copy; run again", self._place.url(target))

    def _same(self, source: str, target: str) -> object | None:
        """Compare two files byte for byte, after the answer of a copy was lost."""
        one, other = self.files.look(source), self._settled(target)
        if one is None or other is None or one.size != other.size:
            return None
        return True if checksum(self.files, source) == checksum(self.files, target) else None

    def _settled(self, path: str) -> BlobProperties | None:
        """Ask for a file's properties, once a copy to it has ended."""
        for _ in range(_LOOKS):
            found = self.files.look(path)
            if found is None or found.copy.status != "pending":
                return found
            self.files.requests.sleep(_BETWEEN_LOOKS_SECONDS)
        raise OSError(errno.ETIMEDOUT, "is still being copied within the service", self._place.url(path))

    def _signed(self, path: str) -> str:
        """Return the address of a file as the service itself may read it."""
        address = str(self.files.clients.blob(path).url)
        if isinstance(self.credential, AzureSasCredential):
            return f"{address}?{self.credential.signature.lstrip('?')}"
        return address

    def _blobs(self, path: str, *, most: int | None = None) -> Iterator[Any]:
        prefix, container = self._prefix(path), self.files.clients.container
        found = container.list_blobs(name_starts_with=prefix, include=["metadata"], results_per_page=most)
        return self.files.requests.pages(found.by_page(), path)

    def _level(self, path: str) -> Iterator[Any]:
        prefix, container = self._prefix(path), self.files.clients.container
        found = container.walk_blobs(name_starts_with=prefix, include=["metadata"], delimiter="/")
        return self.files.requests.pages(found.by_page(), path)

    def _entries(self, path: str, blob: Any) -> Iterator[Entry]:
        """Yield the folders between a listed folder and a blob, then the blob."""
        name = self._place.below(blob.name)
        inner = name.removeprefix(path).strip("/").split("/")
        for depth in range(1, len(inner)):
            yield Entry(path="/".join(filter(None, [path, *inner[:depth]])), size=0, is_directory=True)
        if isinstance(blob, BlobPrefix):
            yield Entry(path=name, size=0, is_directory=True)
        else:
            entry = entry_of(name, blob)
            yield evolve(entry, version="") if entry.is_directory else entry

    def _prefix(self, path: str) -> str | None:
        below = self._place.at(path)
        return f"{below}/" if below else None

    @property
    def _place(self) -> LakePlace:
        return self.files.requests.place
