"""The stores over Azure, held to the contract of all stores, against a server that speaks as Azure does."""

from __future__ import annotations

import io
from functools import partial
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import polars as pl
import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.filedatalake import FileSystemClient

from hygge_core.plugin import Context
from hygge_core.secret import Secret
from hygge_core.testing import PluginContract, StoreContract
from hygge_store_adls.config import AdlsStore
from hygge_store_adls.conformance_of_lakes import TestFlatLake, TestTreeLake  # noqa: F401 - the kit collects them here
from hygge_store_adls.store import open_adls_store
from hygge_store_adls.testing import DfsServer
from hygge_store_adls.testing.account import KEY
from hygge_store_adls.testing.crash import KINDS, QUICK, request_matrix
from hygge_store_adls.testing.subject import subject


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hygge_core.commit import Table
    from hygge_core.store import Store
    from hygge_core.testing.plan import Level, Matrix, Scenario

    Place = dict[str, Any]

_LEASE_SECONDS = 61
_NUMBERS = count(1)


def open_store(place: Place) -> Store:
    """Open a store on a test server, from plain data."""
    config = AdlsStore(
        account=place["account"],
        endpoint=place["url"],
        container=place["container"],
        credential="account_key",
        account_key=Secret(place["key"]),
        path=place["path"],
        layout=place["layout"],
    )
    nobody: Any = SimpleNamespace()
    return open_adls_store(config, Context(project=Path.cwd(), connections=nobody, memory=32 << 20, log=None))


@pytest.fixture(scope="class")
def server(request: pytest.FixtureRequest) -> Iterator[DfsServer]:
    """Start a server for all cases of a class."""
    with DfsServer(hierarchical=request.cls.hierarchical) as server:
        yield server


class AdlsContract(StoreContract):
    """A store in one layout on an account of one kind; each case has folders of its own on one server."""

    opener = f"{__name__}:open_store"
    secrets = (KEY,)
    hierarchical: ClassVar[bool] = True
    layout: ClassVar[Literal["folder", "runs", "file"]] = "folder"

    @pytest.fixture
    def place(self, server: DfsServer) -> Place:
        """Name folders that no other case has."""
        self._clock = server.clock
        path = f"test-{next(_NUMBERS)}/{{entity}}{'.parquet' if self.layout == 'file' else ''}"
        return {**server.address(), "path": path, "layout": self.layout}

    @pytest.fixture
    def read(self, place: Place) -> Callable[[Table], pl.DataFrame | None]:
        """Read by Azure's own client: every Parquet file below the table's name, as it lies there."""

        def read(table: Table) -> pl.DataFrame | None:
            with FileSystemClient(place["url"], place["container"], credential=place["key"]) as client:
                wanted = place["path"].replace("{entity}", table.name)
                found = [_frame(client, name) for name in _files(client, wanted)]
            return pl.concat(found) if found else None

        return read

    def matrix_of(self, scenario: Scenario, level: Level, folder: Path, *, recoveries: bool) -> Matrix:  # noqa: ARG002 - its places are servers
        """Stop a publish at each of its requests, on a server of its own for each of them."""
        if level == "system":
            pytest.skip("what a publish does to Azure are requests, and each of them is stopped")
        serve = partial(DfsServer, hierarchical=self.hierarchical)
        return request_matrix(subject(self.layout), scenario, serve, kinds=KINDS if recoveries else QUICK)

    def _kill(self, *what: Any) -> None:
        """Kill a process, and let the time pass in which its lease holds the table still."""
        super()._kill(*what)
        self._clock.advance(_LEASE_SECONDS)


class TestFolder(AdlsContract):
    """`type = "adls"`, `layout = "folder"`."""

    crash = subject("folder")


class TestRuns(AdlsContract):
    """`type = "adls"`, `layout = "runs"`."""

    layout = "runs"
    crash = subject("runs")


class TestFile(AdlsContract):
    """`type = "adls"`, `layout = "file"`."""

    layout = "file"
    crash = subject("file")


class TestFlat(AdlsContract):
    """`type = "adls"`, `layout = "folder"`, on an account without hierarchical namespace."""

    hierarchical = False
    crash = subject("folder")


def _files(client: FileSystemClient, table: str) -> list[str]:
    """Name the one file of a table, or those of its folder; a file that vanishes later is an error that says so."""
    if table.endswith(".parquet"):
        return [table] if client.get_file_client(table).exists() else []
    try:
        return sorted(found.name for found in client.get_paths(table) if not found.is_directory)
    except ResourceNotFoundError:
        return []


def _frame(client: FileSystemClient, name: str) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(client.get_file_client(name).download_file().readall()))


class TestPlugin(PluginContract):
    """The package itself: what it declares, how it loads, what its settings are."""

    distribution = "hygge-store-adls"
    settings: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "store adls": {"connection": "lake", "container": "raw", "path": "{entity}"},
        "store onelake": {"connection": "fabric", "lakehouse": "raw"},
        "connection adls": {"account": "lake", "credential": "account_key", "account_key": "RmpvcmQrSGF2bjc="},
        "connection onelake": {"workspace": "fabric"},
    }
