"""Calls to Fabric: the token's audience, waiting when asked to, and every failure in words."""

from __future__ import annotations

import socket

import pytest

from hygge_core.errors import StoreUnavailable
from hygge_store_openmirroring.fabric.api import SCOPE, FabricApi, FabricRefused
from openmirroring.fabric.rest import TOKEN, Credential, Rest


@pytest.fixture
def rest():
    with Rest("w") as rest:
        yield rest


@pytest.fixture
def waits():
    return []


@pytest.fixture
def api(rest, waits):
    return FabricApi(Credential(), endpoint=f"{rest.url}/", timeout=10, pause=waits.append)


def test_the_token_is_one_for_fabric_and_not_for_files(rest):
    credential = Credential()
    known = rest.database()
    api = FabricApi(credential, endpoint=rest.url, timeout=10)
    answer = api.call("POST", f"workspaces/w/mirroredDatabases/{known}/getMirroringStatus")
    assert answer.body == {"status": "Initialized"}
    assert credential.scopes == {SCOPE} == {"https://api.fabric.microsoft.com/.default"}


def test_a_service_that_is_asked_too_often_is_given_the_time_it_wants(api, rest, waits):
    known = rest.database()
    rest.faults += [(429, {"Retry-After": "7"}, None), (503, {"Retry-After": "3000"}, None), (429, {}, None)]
    answer = api.call("POST", f"workspaces/w/mirroredDatabases/{known}/getMirroringStatus")
    assert answer.status == 200
    assert waits == [7, 120, 10]


def test_a_service_that_never_has_time_is_an_error(api, rest, waits):
    rest.faults += [(429, {"Retry-After": "1"}, {"errorCode": "RequestBlocked", "message": "too many"})] * 9
    with pytest.raises(FabricRefused, match=r"too many \(RequestBlocked\); try again later"):
        api.call("POST", "anything")
    assert len(waits) == 5


def test_a_fault_of_the_service_is_not_repeated_behind_anybodys_back(api, rest, waits):
    rest.faults += [(500, {}, {"errorCode": "UnknownError", "message": "An error occurred."}), (503, {}, None)]
    with pytest.raises(StoreUnavailable, match=r"An error occurred\. \(UnknownError\)"):
        api.call("POST", "anything")
    with pytest.raises(StoreUnavailable, match="503"):
        api.call("POST", "anything")
    assert (waits, len(rest.seen)) == ([], 2)


@pytest.mark.parametrize(("status", "fix"), [(401, "sign in as"), (403, "role in the workspace"), (404, "check")])
def test_a_refusal_says_what_to_do(api, rest, status, fix):
    rest.faults.append((status, {}, {"errorCode": "No", "message": "refused"}))
    with pytest.raises(FabricRefused, match=rf"v1/x: refused \(No\); .*{fix}") as caught:
        api.call("GET", "x")
    assert caught.value.code == "No"
    assert TOKEN not in str(caught.value)


def test_a_page_of_a_proxy_is_no_answer_of_fabric(api, rest):
    rest.faults += [(407, {}, b"<html>who are you?</html>"), (400, {}, b"[]")]
    with pytest.raises(FabricRefused, match="407"):
        api.call("GET", "x")
    with pytest.raises(FabricRefused, match="400"):
        api.call("GET", "x")


def test_no_answer_at_all_is_said_to_be_one_of_the_network():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    api = FabricApi(Credential(), endpoint=f"http://127.0.0.1:{port}", timeout=2)
    with pytest.raises(StoreUnavailable, match="Fabric gave no answer"):
        api.call("GET", "x")
