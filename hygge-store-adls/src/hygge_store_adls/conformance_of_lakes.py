"""Lakes in Azure, held to the contract of all lakes over the test server: with real folders, and without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hygge_core.testing import LakeContract
from hygge_store_adls.testing import DfsServer
from hygge_store_adls.testing.account import KEY


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hygge_store_adls.lake.adls import AdlsLake


_LEASE_SECONDS = 15


def open_lake(place: dict[str, str]) -> AdlsLake:
    """Open a folder of a test server that may run in another process."""
    from azure.core.credentials import AzureNamedKeyCredential

    from hygge_store_adls.lake import Access, LakePlace
    from hygge_store_adls.lake import open_lake as open_place

    where = LakePlace(endpoint=place["url"], container=place["container"], root=place["root"])
    credential = AzureNamedKeyCredential(place["account"], place["key"])
    return open_place(where, credential, Access(timeout=20, lease=_LEASE_SECONDS), retried=lambda *_: None)


class _AdlsLakeContract(LakeContract):
    opener = f"{__name__}:open_lake"
    secrets = (KEY,)
    hierarchical = True

    @pytest.fixture
    def server(self) -> Iterator[DfsServer]:
        """Run a server for the case; its pages are short, so that lists have several."""
        with DfsServer(hierarchical=self.hierarchical, page_size=7) as server:
            yield server

    @pytest.fixture
    def place(self, server: DfsServer) -> dict[str, Any]:
        """Let the root be a folder of the container, as readers know it."""
        return {**server.address(), "root": "some/where"}

    @pytest.fixture
    def read(self, place: dict[str, str]) -> Iterator[Callable[[str], bytes | None]]:
        """Read by Azure's client of blobs alone."""
        from azure.core.exceptions import ResourceNotFoundError
        from azure.storage.blob import ContainerClient

        with ContainerClient(place["url"], place["container"], credential=place["key"]) as client:

            def read(path: str) -> bytes | None:
                try:
                    return bytes(client.download_blob(f"{place['root']}/{path}").readall())
                except ResourceNotFoundError:
                    return None

            yield read

    @pytest.fixture
    def let_lapse(self, server: DfsServer) -> Callable[[], object]:
        """Let all leases lapse, as if their time were over."""
        return server.lapse_leases


class TestTreeLake(_AdlsLakeContract):
    """An account with a hierarchical namespace."""


class TestFlatLake(_AdlsLakeContract):
    """An account without one."""

    hierarchical = False
