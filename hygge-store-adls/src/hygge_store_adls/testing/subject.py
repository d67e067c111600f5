"""The stores over Azure as the crash matrix opens and reads them; processes of their own import this by name."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import polars as pl
from azure.core.credentials import AccessToken, AzureNamedKeyCredential
from azure.storage.blob import ContainerClient

from hygge_core.staging.layout import FileLayout, FolderLayout, RunsLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore
from hygge_core.testing.plan import Subject
from hygge_store_adls.lake import Access, LakePlace, open_lake
from hygge_store_adls.testing.crash import LEASE_SECONDS, address_in


if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure.core.credentials import TokenCredential
    from azure.storage.blob import BlobProperties

    from hygge_core.staging.layout import Layout
    from hygge_core.testing.shim import Shim

    Address = dict[str, Any]


ITEM = "teahouse.Lakehouse"
"""The item that holds the tables in OneLake."""


class Token:
    """A token that the server issued before."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_token(self, *_: str, **__: object) -> AccessToken:
        """Return the token, which outlives every test."""
        return AccessToken(self._text, 1 << 40)


def credential(address: Address) -> AzureNamedKeyCredential | TokenCredential:
    """Sign in as a server wants it: by a token over TLS, else by its key."""
    if address["url"].startswith("https"):
        token: TokenCredential = Token(address["token"])
        return token
    return AzureNamedKeyCredential(address["account"], address["key"])


def open_folder(place: str, shim: Shim) -> FileStore:
    """Open a store whose tables are folders of files."""
    return _open(place, shim, FolderLayout(), "{entity}")


def open_runs(place: str, shim: Shim) -> FileStore:
    """Open a store whose tables have a folder for each run."""
    return _open(place, shim, RunsLayout(), "{entity}")


def open_file(place: str, shim: Shim) -> FileStore:
    """Open a store whose tables are one file each."""
    return _open(place, shim, FileLayout(), "{entity}.parquet")


def _open(place: str, shim: Shim, layout: Layout, path: str) -> FileStore:
    address = address_in(place)
    root = f"{ITEM}/Files" if _onelake(address) else "raw"
    lake = open_lake(
        LakePlace(endpoint=address["url"], container=address["container"], root=root),
        credential(address),
        Access(attempts=3, lease=LEASE_SECONDS, ca_file=address["ca_file"]),
    )
    return FileStore(shim(lake), path=path, layout=layout, options=FileOptions(), behind=lake)


def _onelake(address: Address) -> bool:
    return bool(address["account"] == "onelake")


def read(place: str, table: str) -> dict[str, list[Any]] | None:
    """Read the table by Azure's own client: what is below its folder, but for names that readers skip."""
    address = address_in(place)
    root = f"{ITEM}/Files/{table}" if _onelake(address) else f"raw/{table}"
    with container(address) as client:
        frames = [
            pl.read_parquet(io.BytesIO(client.download_blob(name).readall())) for name in sorted(_files(client, root))
        ]
    return pl.concat(frames).select("origin", "number").to_dict(as_series=False) if frames else None


def leftovers(place: str) -> Iterator[str]:
    """Name everything but tables, leases and commit records; folders of stages as well."""
    with container(address_in(place)) as client:
        for blob in client.list_blobs(include=["metadata"]):
            inside = blob.name.split("/")
            if "_hygge" in inside and not _is_folder(blob):
                if inside[-1] != "lease" and "commits" not in inside:
                    yield blob.name
            elif "stages" in inside[:-1]:
                yield blob.name


def container(address: Address) -> ContainerClient:
    """Open the container of a server by Azure's own client."""
    options = {"connection_verify": address["ca_file"]} if address["ca_file"] else {}
    return ContainerClient(address["url"], address["container"], credential=credential(address), **options)


def _files(client: ContainerClient, root: str) -> Iterator[str]:
    for blob in client.list_blobs(name_starts_with=root, include=["metadata"]):
        below = blob.name.removeprefix(root).split("/")
        shown = not any(name.startswith(("_", ".")) for name in below if name != ".parquet")
        if shown and not _is_folder(blob) and below[0] in {"", ".parquet"}:
            yield blob.name


def _is_folder(blob: BlobProperties) -> bool:
    return (blob.metadata or {}).get("hdi_isfolder") == "true" or blob.size is None


def subject(layout: str) -> Subject:
    """Name the functions of this module for one layout."""
    return Subject(open=f"{__name__}:open_{layout}", read=f"{__name__}:read", leftovers=f"{__name__}:leftovers")
