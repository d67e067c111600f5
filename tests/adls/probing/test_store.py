"""What ``hygge debug`` finds where tables are to settle."""

from __future__ import annotations

import pytest

from adls.probing.conftest import by_key, by_token
from adls.stores.opening import context
from hygge_store_adls.config import AdlsStore
from hygge_store_adls.store import open_adls_store


@pytest.fixture
def store():
    opened = []

    def new(**keys):
        opened.append(open_adls_store(AdlsStore(path="raw/{entity}", **keys), context()))
        return opened[-1]

    yield new
    for one in opened:
        one.close()


def test_the_account_is_told_of_once_and_each_table_for_itself(server, store):
    opened = store(**by_key(server))
    first, second = list(opened.probe("teas")), list(opened.probe("cups"))
    assert [found.probe for found in first[:6]] == ["resolve", "tls", "clock", "credential", "reach", "hierarchical"]
    assert [found.probe for found in first[6:]] == [found.probe for found in second] == ["write", "place", "switch"]
    assert all(found.ok for found in first + second)
    assert "written, renamed, leased and deleted" in second[0].what


def test_what_is_tried_is_gone_afterwards(server, store):
    opened = store(**by_key(server))
    list(opened.probe("teas"))
    places = {seen.path for seen in server.requests if seen.mutating}
    assert places
    assert all("_hygge-probe-" in place for place in places)
    assert server.requests[-1].status < 500
    again = [found.what for found in opened.probe("teas")]
    assert any(what.endswith("never committed") for what in again)


def test_a_role_that_only_reads_is_told_with_the_role_it_takes(secure, store):
    secure.sign_in.issue = lambda: secure.issue_token(role="reader")
    failed = [found for found in store(**by_token(secure)).probe("teas") if not found.ok]
    assert failed[0].probe == "write"
    assert "cannot write beside it: 403" in failed[0].what
    assert "Storage Blob Data Contributor" in failed[0].fix


def test_a_table_of_an_account_that_cannot_be_reached_is_still_told_of(store):
    keys = {"endpoint": "https://no.invalid", "container": "tea", "credential": "azure_cli"}
    found = list(store(**keys).probe("teas"))
    assert [finding.ok for finding in found[:1]] == [False]
    assert not any(finding.ok for finding in found)
