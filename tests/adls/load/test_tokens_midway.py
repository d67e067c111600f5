"""A token may end or be taken back in the middle of a run, when some parts are up and others are not."""

from __future__ import annotations

import io
import time
from contextlib import contextmanager

import polars as pl
import pytest
from azure.core.credentials import AccessToken
from azure.storage.blob import ContainerClient

from hygge_core.staging.layout import FolderLayout
from hygge_core.staging.options import FileOptions
from hygge_core.staging.store import FileStore
from hygge_store_adls.lake import Access, LakePlace, open_lake
from hygge_store_adls.testing import DfsServer
from table_runs import ScriptedHome, entity, go


BATCH = pl.DataFrame({"id": range(50_000), "text": ["tea" * 20] * 50_000})
OLD = pl.DataFrame({"id": [1], "text": ["old"]})


@pytest.fixture
def server():
    with DfsServer(tls=True) as served:
        yield served


@contextmanager
def store_of(server, credential):
    lake = open_lake(
        LakePlace(endpoint=server.url, container=server.container, root="raw"),
        credential,
        Access(ca_file=server.ca_file, attempts=3),
    )
    store = FileStore(lake, path="{entity}", layout=FolderLayout(), options=FileOptions(file_size=1 << 16), behind=lake)
    yield store
    store.close()


def settle(server, credential, *steps):
    """Run one table whose home plays these steps; returns its outcome."""
    with store_of(server, credential) as store:
        report, _ = go(entity(ScriptedHome(steps, schema=BATCH.schema), store), attempts=1)
    return report.tables[0]


def seen(server):
    credential = server.credential()
    with ContainerClient(
        server.url, server.container, credential=credential, connection_verify=server.ca_file
    ) as client:
        names = [name for name in client.list_blob_names(name_starts_with="raw/teas/") if name.endswith(".parquet")]
        frames = [pl.read_parquet(io.BytesIO(client.download_blob(name).readall())) for name in sorted(names)]
    return pl.concat(frames).height if frames else 0


class Guest:
    """A credential whose tokens the server issues; what they are worth may change between two of them."""

    def __init__(self, server):
        self.server, self.role, self.lifetime, self.given = server, "contributor", 3600, []

    def get_token(self, *_, **__):
        self.given.append(self.server.issue_token(role=self.role, lifetime=self.lifetime))
        return AccessToken(self.given[-1], int(time.time()) + 3600)


def test_a_token_that_ends_midway_is_renewed(server):
    guest = Guest(server)
    outcome = settle(server, guest, BATCH, lambda: server.clock.advance(4000), BATCH)
    assert (outcome.state, outcome.error) == ("committed", "")
    assert len(guest.given) > 1, "it was asked for again"
    assert any(request.status == 401 for request in server.requests), "the old one did end"
    assert seen(server) == 2 * BATCH.height


def less_right(guest):
    guest.role = "reader"


def no_right(guest):
    guest.lifetime = -1


@pytest.mark.parametrize(
    ("change", "fix"),
    [
        (less_right, "give this identity the role Storage Blob Data Contributor on the container"),
        (no_right, "sign in again"),
    ],
)
def test_a_right_that_is_taken_back_midway_is_a_clear_error_and_shows_nothing(server, change, fix):
    settle(server, Guest(server), OLD)
    guest = Guest(server)

    def take_back():
        server.revoke_tokens()
        change(guest)

    outcome = settle(server, guest, BATCH, take_back, BATCH)
    assert outcome.state == "failed"
    assert fix in outcome.error
    assert not any(token in outcome.error for token in guest.given)
    assert seen(server) == OLD.height
