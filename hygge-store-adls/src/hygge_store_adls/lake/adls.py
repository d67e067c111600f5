"""A folder of an Azure storage account or of OneLake, as a lake."""

from __future__ import annotations

import io
import threading
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, cast

from hygge_store_adls.lake.clients import Clients
from hygge_store_adls.lake.downloads import Download
from hygge_store_adls.lake.errors import LakeRefused, ServiceFault
from hygge_store_adls.lake.files import Files
from hygge_store_adls.lake.flat import Flat
from hygge_store_adls.lake.leases import Leases
from hygge_store_adls.lake.requests import Requests
from hygge_store_adls.lake.tree import Tree
from hygge_store_adls.lake.uploads import Uplink, Upload


if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from hygge_core.lake import Entry, LakeAbilities
    from hygge_core.plugin import Retried
    from hygge_store_adls.lake.leases import Hold
    from hygge_store_adls.lake.place import Access, Credential, LakePlace


_NOT_HIERARCHICAL = frozenset({400, 409})


class AdlsLake:
    """A folder in Azure, as a `hygge_core.lake.Lake`; leases are `Lapses`.

    Changes are durable when they return, since the service says so only then.  Serves many
    threads; `close` ends its own.
    """

    def __init__(self, place: LakePlace, credential: Credential, access: Access, retried: Retried) -> None:
        self.place = place
        self._credential = credential
        self._clients = Clients(place, credential, access)
        self._requests = Requests(place=place, attempts=access.attempts, retried=retried)
        self._files = Files(self._clients, self._requests)
        self._leases = Leases(self._files, access.lease)
        self._uplink = Uplink(access.memory)
        self._mutex = threading.Lock()

    @property
    def hierarchical(self) -> bool:
        """Whether folders are real here, which the account is asked for when nobody said."""
        return isinstance(self._folders, Tree)

    @property
    def abilities(self) -> LakeAbilities:
        """What this kind of account gives."""
        return self._folders.abilities

    def url(self, path: str) -> str:
        """Return the path as readers write it, ``abfss://container@host/path``."""
        return self.place.url(path)

    def put(self, path: str, data: bytes, *, if_absent: bool = False) -> None:
        """Write a small file in one request."""
        self._files.put(path, data, if_absent=if_absent)

    def put_soon(self, path: str, data: bytes) -> None:
        """Write a small new file; the service knows no sooner and later."""
        self._files.put(path, data, if_absent=True)

    @contextmanager
    def create(self, path: str) -> Iterator[BinaryIO]:
        """Open a new file whose blocks go up while it is written; nobody sees it before the context ends."""
        upload = Upload(self._files, path, self._uplink)
        try:
            yield cast("BinaryIO", upload)
            upload.finish()
        except BaseException:
            upload.abandon()
            raise

    def read(self, path: str) -> bytes:
        """Read a file whole."""
        return self._files.read(path)

    def open(self, path: str) -> AbstractContextManager[BinaryIO]:
        """Open a file to be read in ranges, of the state that it has now."""
        return io.BufferedReader(Download(self._files, path))

    def stat(self, path: str) -> Entry | None:
        """Describe a file or folder."""
        return self._folders.stat(path)

    def list(self, path: str, *, recursive: bool = False) -> Iterator[Entry]:
        """Yield what is in a folder."""
        return self._folders.list(path, recursive=recursive)

    def make_directory(self, path: str) -> None:
        """Make a folder and its parents."""
        if self.place.at(path):
            self._folders.make(path)

    def rename(self, source: str, target: str, *, replace: bool = False) -> None:
        """Move a file: in one step where folders are real, by copying and deleting elsewhere."""
        self._folders.rename(source, target, replace=replace)

    def rename_directory(self, source: str, target: str, *, version: str = "") -> None:
        """Move a folder: in one step where folders are real, file by file and of any version elsewhere."""
        self._folders.rename_directory(source, target, version=version)

    def delete(self, path: str) -> None:
        """Delete a file."""
        self._folders.delete(path)

    def delete_soon(self, path: str) -> None:
        """Delete a file; the service knows no sooner and later."""
        self._folders.delete(path)

    def delete_directory(self, path: str) -> None:
        """Delete a folder with everything in it."""
        self._folders.delete_directory(path)

    def lease(self, path: str, holder: str) -> AbstractContextManager[Hold]:
        """Hold a name by a lease that is renewed, and that lapses by itself when this process dies."""
        return self._leases.hold(path, holder)

    def close(self) -> None:
        """End the threads and close the sockets. Safe to call twice."""
        self._uplink.close()
        self._clients.close()

    @cached_property
    def _folders(self) -> Tree | Flat:
        with self._mutex:
            real = self.place.hierarchical
            real = self._ask() if real is None else real
        return Tree(self._files) if real else Flat(self._files, self._credential)

    def _ask(self) -> bool:
        """Find out what kind of account this is: only one with real folders has access control lists."""
        root = self._clients.file_system.get_directory_client("/")
        try:
            self._requests.make(root.get_access_control, "")
        except LakeRefused:
            told = self._requests.make(self._clients.container.get_account_information, "")
            return bool(told["is_hns_enabled"])
        except OSError as error:
            if isinstance(error.__cause__, ServiceFault) and error.__cause__.status in _NOT_HIERARCHICAL:
                return False
            raise
        return True
