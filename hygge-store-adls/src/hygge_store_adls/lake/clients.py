"""The Azure clients of one lake: the dfs dialect for folders, the blob dialect for all else, over the same sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests
from azure.core.pipeline.transport import RequestsTransport
from azure.storage.blob import ContainerClient
from azure.storage.filedatalake import FileSystemClient
from requests.adapters import HTTPAdapter


if TYPE_CHECKING:
    from azure.storage.blob import BlobClient
    from azure.storage.filedatalake import DataLakeDirectoryClient

    from hygge_store_adls.lake.place import Access, Credential, LakePlace


_SOCKETS = 64
_CONNECT_SECONDS = 20.0


class Clients:
    """Makes a client for each path; the clients never repeat a request by themselves.

    Small and large files are written in the blob dialect, on hierarchical accounts and in
    OneLake too: there a file appears whole in one request, where the dfs dialect would
    show it empty first.
    """

    def __init__(self, place: LakePlace, credential: Credential, access: Access) -> None:
        self._place = place
        self._session = _session()
        wire: dict[str, Any] = {
            "connection_timeout": min(_CONNECT_SECONDS, access.timeout),
            "read_timeout": access.timeout,
        }
        wire |= {"connection_verify": access.ca_file} if access.ca_file else {}
        transport = RequestsTransport(session=self._session, session_owner=False, **wire)
        options: dict[str, Any] = {"credential": credential, "transport": transport, "retry_total": 0, **wire}
        options |= {"api_version": access.api_version} if access.api_version else {}
        self.container = ContainerClient(place.endpoint.replace(".dfs.", ".blob.", 1), place.container, **options)
        self.file_system = FileSystemClient(place.endpoint, place.container, **options)

    def blob(self, path: str) -> BlobClient:
        """Return the client of a file."""
        return self.container.get_blob_client(self._place.at(path))

    def directory(self, path: str) -> DataLakeDirectoryClient:
        """Return the client of a folder, the dfs dialect."""
        return self.file_system.get_directory_client(self._place.at(path) or "/")

    def quoted(self, path: str) -> DataLakeDirectoryClient:
        """Return a client for renaming what is at a path.

        The client undoes quoting in the old name before it quotes it, so that a name with ``%2F`` in it would
        become another; quoted once beforehand, it arrives as it is.
        """
        return self.file_system.get_directory_client(quote(self._place.at(path)))

    def close(self) -> None:
        """Close the sockets."""
        self._session.close()


def _session() -> requests.Session:
    session = requests.Session()
    adapter = HTTPAdapter(pool_connections=4, pool_maxsize=_SOCKETS, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session
