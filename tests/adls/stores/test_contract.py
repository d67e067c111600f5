"""The stores keep the contract: adls in each of its layouts and on accounts of both kinds, and onelake.

Their crash matrices over HTTP are in `tests/adls/crash`; `nox -s conformance` runs those of the contract.
"""

from __future__ import annotations

from itertools import count

import polars as pl
import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.storage.filedatalake import FileSystemClient

from adls.sign_in import SECRET, SignIn
from hygge_store_adls import conformance
from hygge_store_adls.conformance import server
from hygge_store_adls.testing import DfsServer


__all__ = ["server"]

pytestmark = pytest.mark.slow
NUMBERS = count(1)


@pytest.fixture(scope="class")
def lakehouse():
    """OneLake over TLS with one lakehouse, and a sign-in service whose tokens it takes."""
    with DfsServer(onelake=True, tls=True, container="Tea") as server:
        server.add_item("Leaves.Lakehouse")
        with SignIn(server.issue_token, trust=[server.ca_file]) as sign_in:
            yield server, sign_in


class TestFolder(conformance.TestFolder):
    crash = None


class TestRuns(conformance.TestRuns):
    crash = None


class TestFile(conformance.TestFile):
    crash = None


class TestFlatFolder(conformance.TestFlat):
    crash = None


class TestOneLake(conformance.AdlsContract):
    opener = "adls.stores.opening:open_lakehouse"
    secrets = (SECRET,)

    @pytest.fixture
    def place(self, lakehouse):
        server, sign_in = lakehouse
        self._clock = server.clock
        place = {"authority": sign_in.authority, "trusted": sign_in.ca_file, **server.address()}
        return {**place, "path": f"Files/test-{next(NUMBERS)}/{{entity}}"}

    @pytest.fixture
    def read(self, place, lakehouse):
        """Read by the Azure client alone."""
        server, _ = lakehouse
        keys = {"credential": server.credential(), "connection_verify": server.ca_file}

        def read(table):
            with FileSystemClient(server.url, server.container, **keys) as client:
                names = _files(client, f"Leaves.Lakehouse/{place['path']}".replace("{entity}", table.name))
                data = [client.get_file_client(name).download_file().readall() for name in names]
            return pl.concat([pl.read_parquet(each, glob=False) for each in data]) if data else None

        return read


def _files(client, folder):
    try:
        return sorted(found.name for found in client.get_paths(folder) if not found.is_directory)
    except ResourceNotFoundError:
        return []
