"""What the crash matrix needs to know of the stores over Azure; child processes import this by name."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
from azure.core.credentials import AccessToken, AzureNamedKeyCredential
from azure.storage.blob import ContainerClient

from hygge_core.staging.layout import FileLayout, FolderLayout, RunsLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore
from hygge_core.testing.plan import Subject
from hygge_store_adls.lake import Access, LakePlace, open_lake
from hygge_store_adls.testing.crash import LEASE_SECONDS, address_in


if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential


ITEM = "teahouse.Lakehouse"


class Token:
    """A token that the server issued before."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get_token(self, *_: str, **__: object) -> AccessToken:
        return AccessToken(self._text, 1 << 40)


def credential(address: dict[str, str]) -> AzureNamedKeyCredential | TokenCredential:
    if address["url"].startswith("https"):
        return Token(address["token"])
    return AzureNamedKeyCredential(address["account"], address["key"])


def open_folder(place, shim):
    return _open(place, shim, FolderLayout(), "{entity}")


def open_runs(place, shim):
    return _open(place, shim, RunsLayout(), "{entity}")


def open_file(place, shim):
    return _open(place, shim, FileLayout(), "{entity}.parquet")


def _open(place, shim, layout, path):
    address = address_in(place)
    root = f"{ITEM}/Files" if _onelake(address) else "raw"
    lake = open_lake(
        LakePlace(endpoint=address["url"], container=address["container"], root=root),
        credential(address),
        Access(attempts=3, lease=LEASE_SECONDS, ca_file=address["ca_file"]),
    )
    return FileStore(shim(lake), path=path, layout=layout, options=FileOptions(), behind=lake)


def _onelake(address):
    return address["account"] == "onelake"


def read(place, table):
    """Read the table by the SDK and pyarrow: what is below its folder, but for names that readers skip."""
    address, columns, found = address_in(place), {"origin": [], "number": []}, False
    root = f"{ITEM}/Files/{table}" if _onelake(address) else f"raw/{table}"
    with container(address) as client:
        for name in sorted(_files(client, root)):
            data = io.BytesIO(client.download_blob(name).readall())
            for column, values in pq.ParquetFile(data).read().to_pydict().items():
                columns[column] += values
            found = True
    return columns if found else None


def leftovers(place):
    """Everything but tables, leases and commit records; folders of stages as well."""
    with container(address_in(place)) as client:
        for blob in client.list_blobs(include=["metadata"]):
            inside = blob.name.split("/")
            if "_hygge" in inside and not _is_folder(blob):
                if inside[-1] != "lease" and "commits" not in inside:
                    yield blob.name
            elif "stages" in inside[:-1]:
                yield blob.name


def container(address):
    options = {"connection_verify": address["ca_file"]} if address["ca_file"] else {}
    return ContainerClient(address["url"], address["container"], credential=credential(address), **options)


def _files(client, root):
    for blob in client.list_blobs(name_starts_with=root, include=["metadata"]):
        below = blob.name.removeprefix(root).split("/")
        shown = not any(name.startswith(("_", ".")) for name in below if name != ".parquet")
        if shown and not _is_folder(blob) and below[0] in ("", ".parquet"):
            yield blob.name


def _is_folder(blob):
    return (blob.metadata or {}).get("hdi_isfolder") == "true" or blob.size is None


def subject(layout):
    module = "adls.crash.adls_subject"
    return Subject(open=f"{module}:open_{layout}", read=f"{module}:read", leftovers=f"{module}:leftovers")
