"""Single files in the blob dialect, which both kinds of accounts speak: looked at, put, read and deleted."""

from __future__ import annotations

import contextlib
import errno
from typing import TYPE_CHECKING, Any

from attrs import frozen

from hygge_store_adls.lake.entries import entry_of, is_folder


if TYPE_CHECKING:
    from azure.storage.blob import BlobProperties

    from hygge_core.lake import Entry
    from hygge_store_adls.lake.clients import Clients
    from hygge_store_adls.lake.requests import Requests


@frozen
class Files:
    """The files of one lake, whole."""

    clients: Clients
    requests: Requests

    def look(self, path: str) -> BlobProperties | None:
        """Ask for size, ETag and metadata; None where nothing is."""
        blob = self.clients.blob(path)
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return self.requests.make(blob.get_blob_properties, path)
        return None

    def stat(self, path: str) -> Entry | None:
        """Describe a file or a folder that is marked as one."""
        found = self.look(path)
        return None if found is None else entry_of(path, found)

    def put(self, path: str, data: bytes, *, if_absent: bool = False, lease: str | None = None) -> None:
        """Write a file in one request: readers see the old content or the new."""
        blob = self.clients.blob(path)
        held: dict[str, Any] = {"lease": lease} if lease else {}
        self.requests.make(
            lambda: blob.upload_blob(data, overwrite=not if_absent, validate_content=True, **held),
            path,
            done=lambda: self._holds(path, data),
        )

    def read(self, path: str) -> bytes:
        """Read a file whole. Raises `IsADirectoryError` for a folder."""
        blob = self.clients.blob(path)

        def download() -> bytes | None:
            found = blob.download_blob()
            return None if is_folder(found.properties.metadata) else found.readall()

        data = self.requests.make(download, path)
        if data is None:
            raise IsADirectoryError(errno.EISDIR, "is a folder", self.requests.place.url(path))
        return data

    def delete(self, path: str) -> None:
        """Delete a file; no error when it is not there."""
        blob = self.clients.blob(path)
        with contextlib.suppress(FileNotFoundError):
            self.requests.make(lambda: blob.delete_blob() or True, path)

    def _holds(self, path: str, data: bytes) -> dict[str, object] | None:
        """Tell whether the file already is what it was to become."""
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            if self.read(path) == data:
                return {}
        return None
