"""Lakes over the test server: one account with real folders, one without, and the local disk beside them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress

import pytest
from azure.core.credentials import AzureNamedKeyCredential

from hygge_store_adls.lake import Access, LakePlace, open_lake
from hygge_store_adls.testing import DfsServer


@contextmanager
def opened(server, *, root="", hierarchical=None, retried=lambda *_: None, **access):
    """Open a folder of a test server as a lake."""
    place = LakePlace(endpoint=server.url, container=server.container, root=root, hierarchical=hierarchical)
    credential = AzureNamedKeyCredential(server.account, server.key)
    lake = open_lake(place, credential, Access(**access), retried=retried)
    try:
        yield lake
    finally:
        lake.close()


@contextmanager
def asked(server, lake):
    """Collect the requests that the block makes; the server notes each before the next one of its connection."""

    def mark():
        with suppress(FileNotFoundError):
            lake.read("marker")

    mark()
    before, found = len(server.requests), []
    yield found
    mark()
    found += [seen for seen in server.requests[before:] if not seen.path.endswith("marker")]


@pytest.fixture(params=["tree", "flat"])
def server(request):
    with DfsServer(hierarchical=request.param == "tree") as server:
        yield server


@pytest.fixture
def tree_server():
    with DfsServer() as server:
        yield server


@pytest.fixture
def retries():
    return []


@pytest.fixture
def open_on(retries):
    """Open further lakes on a server, closed after the test; repetitions go into ``retries``."""
    with ExitStack() as stack:
        yield lambda server, **how: stack.enter_context(
            opened(server, retried=lambda *told: retries.append(told), **{"timeout": 20, **how})
        )


@pytest.fixture
def lake(server, open_on):
    return open_on(server, root="some/where")


@pytest.fixture
def tree(tree_server, open_on):
    return open_on(tree_server, root="some/where")
