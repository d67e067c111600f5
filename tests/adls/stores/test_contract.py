"""The stores keep the contract: adls in each of its layouts and on accounts of both kinds, and onelake."""

from __future__ import annotations

from itertools import count

import polars as pl
import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.filedatalake import FileSystemClient

from adls.sign_in import SECRET, SignIn
from hygge_core.testing import StoreContract
from hygge_store_adls.testing import DfsServer
from hygge_store_adls.testing.account import KEY


pytestmark = pytest.mark.slow
LEASE_SECONDS = 61
NUMBERS = count(1)


@pytest.fixture(scope="class")
def server(request):
    """One server for all cases of a class; each case has folders of its own."""
    with DfsServer(hierarchical=request.cls.hierarchical) as server:
        yield server


@pytest.fixture(scope="class")
def lakehouse():
    """OneLake over TLS with one lakehouse, and a sign-in service whose tokens it takes."""
    with DfsServer(onelake=True, tls=True, container="Tea") as server:
        server.add_item("Leaves.Lakehouse")
        with SignIn(server.issue_token, trust=[server.ca_file]) as sign_in:
            yield server, sign_in


class _AdlsContract(StoreContract):
    opener = "adls.stores.opening:open_store"
    secrets = (KEY,)
    hierarchical = True
    layout = "folder"

    @pytest.fixture
    def place(self, server):
        self.clock = server.clock
        path = f"test-{next(NUMBERS)}/{{entity}}{'.parquet' if self.layout == 'file' else ''}"
        return {**server.address(), "path": path, "layout": self.layout}

    @pytest.fixture
    def read(self, place):
        """Read by the Azure client alone: every Parquet file below the table's name, as it lies there."""

        def read(table):
            with FileSystemClient(place["url"], place["container"], credential=place["key"]) as client:
                wanted = place["path"].replace("{entity}", table.name)
                names = [wanted] if self.layout == "file" else list(_below(client, wanted))
                found = [frame for name in names if (frame := _frame(client, name)) is not None]
            return pl.concat(found) if found else None

        return read

    def _kill(self, *what):
        """Kill a process, and let the time pass in which its lease holds the table still."""
        super()._kill(*what)
        self.clock.advance(LEASE_SECONDS)


class TestFolder(_AdlsContract):
    pass


class TestRuns(_AdlsContract):
    layout = "runs"


class TestFile(_AdlsContract):
    layout = "file"


class TestFlatFolder(_AdlsContract):
    hierarchical = False


class TestOneLake(_AdlsContract):
    opener = "adls.stores.opening:open_lakehouse"
    secrets = (SECRET,)

    @pytest.fixture
    def place(self, lakehouse):
        server, sign_in = lakehouse
        self.clock = server.clock
        place = {"authority": sign_in.authority, "trusted": sign_in.ca_file, **server.address()}
        return {**place, "path": f"Files/test-{next(NUMBERS)}/{{entity}}"}

    @pytest.fixture
    def read(self, place, lakehouse):
        """Read by the Azure client alone."""
        server, _ = lakehouse
        keys = {"credential": server.credential(), "connection_verify": server.ca_file}

        def read(table):
            with FileSystemClient(server.url, server.container, **keys) as client:
                names = list(_below(client, f"Leaves.Lakehouse/{place['path']}".replace("{entity}", table.name)))
                return pl.concat([_frame(client, name) for name in names]) if names else None

        return read


def _below(client, folder):
    try:
        yield from sorted(found.name for found in client.get_paths(folder) if not found.is_directory)
    except ResourceNotFoundError:
        return


def _frame(client, name):
    try:
        return pl.read_parquet(client.get_file_client(name).download_file().readall(), glob=False)
    except ResourceNotFoundError:
        return None
