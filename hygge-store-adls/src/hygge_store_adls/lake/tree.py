"""The folders of an account with a hierarchical namespace, and of OneLake: real, and moved in one step."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from attrs import frozen
from azure.core import MatchConditions

from hygge_core.lake import Entry, LakeAbilities
from hygge_store_adls.lake.entries import in_order, nanoseconds, version_of


if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure.storage.filedatalake import PathProperties

    from hygge_store_adls.lake.files import Files
    from hygge_store_adls.lake.place import LakePlace


@frozen
class Tree:
    """Folders by the dfs dialect."""

    files: Files

    @property
    def abilities(self) -> LakeAbilities:
        """What real folders give; none can be exchanged in one step."""
        return LakeAbilities(
            atomic_directory_rename=True, atomic_directory_exchange=False, atomic_replace=True, put_if_absent=True
        )

    def stat(self, path: str) -> Entry | None:
        """Describe a file or folder in one request."""
        if not self._place.at(path):
            return Entry(path=path, size=0, is_directory=True)
        return self.files.stat(path)

    def list(self, path: str, *, recursive: bool) -> Iterator[Entry]:
        """Yield what is in a folder, put in order when all pages are there."""
        below = self._place.at(path) or None
        pages = self.files.clients.file_system.get_paths(path=below, recursive=recursive).by_page()
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            found = [self._entry(one) for one in self.files.requests.pages(pages, path)]
            yield from in_order([entry for entry in found if entry.path != path])

    def make(self, path: str) -> None:
        """Make a folder and its parents. Raises `FileExistsError` when a file has its name."""
        client = self.files.clients.directory(path)
        try:
            self.files.requests.make(lambda: client.create_directory(match_condition=MatchConditions.IfMissing), path)
        except FileExistsError:
            found = self.stat(path)
            if found is None or not found.is_directory:
                raise

    def rename(self, source: str, target: str, *, replace: bool = False, version: str = "") -> None:
        """Move a file or a folder with all that is in it, in one step."""
        try:
            self._rename(source, target, replace=replace, version=version)
        except FileNotFoundError:
            if self.stat(source) is None:
                raise
            self.make(target.rpartition("/")[0])
            self._rename(source, target, replace=replace, version=version)

    def rename_directory(self, source: str, target: str, *, version: str = "") -> None:
        """Move a folder to a name that is free, if it is still the one of that version."""
        self.rename(source, target, version=version)

    def delete(self, path: str) -> None:
        """Delete a file; no error when it is not there."""
        self.files.delete(path)

    def delete_directory(self, path: str) -> None:
        """Delete a folder with all that is in it; no error when it is not there."""
        client = self.files.clients.directory(path)
        with contextlib.suppress(FileNotFoundError):
            self.files.requests.make(lambda: client.delete_directory() or True, path)

    def _rename(self, source: str, target: str, *, replace: bool, version: str) -> None:
        """Rename; the service wants the file system in the new name."""
        client = self.files.clients.quoted(source)
        conditions: dict[str, Any] = {} if replace else {"match_condition": MatchConditions.IfMissing}
        if version:
            same = MatchConditions.IfNotModified
            conditions |= {"source_etag": f'"{version}"', "source_match_condition": same}
        self.files.requests.make(
            lambda: client.rename_directory(f"{self._place.container}/{self._place.at(target)}", **conditions),
            target,
            done=lambda: self._moved(source, target),
        )

    def _moved(self, source: str, target: str) -> object | None:
        """Tell whether a rename took place: what was here is gone, and is there."""
        return True if self.stat(source) is None and self.stat(target) is not None else None

    def _entry(self, found: PathProperties) -> Entry:
        path = self._place.below(found.name)
        if found.is_directory:
            return Entry(path=path, size=0, is_directory=True)
        return Entry(
            path=path,
            size=int(found.content_length or 0),
            is_directory=False,
            version=version_of(found.etag),
            modified=nanoseconds(found.last_modified),
        )

    @property
    def _place(self) -> LakePlace:
        return self.files.requests.place
