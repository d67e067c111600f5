"""Errors say where, what and what to do; no signature, key or token is in any of them, tracebacks included."""

from __future__ import annotations

import socket
import traceback
from base64 import b64encode

import pytest
from azure.core.credentials import AccessToken, AzureNamedKeyCredential, AzureSasCredential
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ServiceRequestError

from hygge_core.errors import Retryable, StoreError
from hygge_store_adls.lake import Access, LakePlace, open_lake
from hygge_store_adls.lake.errors import ServiceFault, error_for
from hygge_store_adls.testing import DfsServer, Fault


SIGNATURE = "sv=2025-01-05&ss=b&srt=sco&sp=rwdl&se=2030-01-01T00:00:00Z&sig=c2VjcmV0c2VjcmV0c2VjcmV0"


def everything_said(error):
    return "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))


def refusal(lake, request=lambda lake: lake.put("tea/cup", b"x")):
    with lake, pytest.raises(StoreError) as caught:
        request(lake)
    assert isinstance(caught.value, OSError)
    assert "\n" not in str(caught.value)
    return caught.value


class Closing:
    """Closes a lake after the block."""

    def __init__(self, lake):
        self.lake = lake

    def __enter__(self):
        return self.lake

    def __exit__(self, *_):
        self.lake.close()

    def __getattr__(self, name):
        return getattr(self.lake, name)


def opened(server, credential, *, container=None, endpoint=None, **access):
    place = LakePlace(endpoint=endpoint or server.url, container=container or server.container, hierarchical=True)
    return Closing(open_lake(place, credential, Access(**{"attempts": 2, "timeout": 20, **access})))


def test_a_wrong_key_says_to_check_it(tree_server):
    key = b64encode(b"quite another key").decode()
    error = refusal(opened(tree_server, AzureNamedKeyCredential(tree_server.account, key)))
    assert not isinstance(error, Retryable)
    assert error.where == f"{tree_server.url}/lake/tea/cup"
    assert "403 AuthenticationFailed" in error.what
    assert "check it, and this machine's clock" in error.fix
    assert key not in everything_said(error)


def test_a_signature_never_shows(tree_server):
    lake = opened(tree_server, AzureSasCredential(SIGNATURE))
    for request in (
        lambda lake: lake.put("tea/cup", b"x"),
        lambda lake: lake.stat("tea/cup"),
        lambda lake: list(lake.list("tea")),
        lambda lake: lake.rename("tea/cup", "tea/pot"),
    ):
        with pytest.raises(StoreError) as caught:
            request(lake)
        assert "sig=" not in everything_said(caught.value)
        assert "c2VjcmV0" not in everything_said(caught.value)
    assert "c2VjcmV0" not in repr(lake.lake) + repr(lake.place) + repr(lake.lake._requests)
    lake.lake.close()


def test_a_host_that_is_down_is_unavailable_and_its_address_shows_no_signature(tree_server):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    lake = opened(tree_server, AzureSasCredential(SIGNATURE), endpoint=f"http://127.0.0.1:{port}/hyggetest")
    error = refusal(lake)
    assert isinstance(error, Retryable)
    assert "refused the connection" in error.what
    assert "c2VjcmV0" not in everything_said(error)


def test_a_host_without_an_address_is_told_so(tree_server):
    lake = opened(tree_server, AzureSasCredential(SIGNATURE), endpoint="https://nobody.dfs.invalid", attempts=1)
    error = refusal(lake)
    assert "cannot be resolved" in error.what
    assert error.where == "abfss://lake@nobody.dfs.invalid/tea/cup"


def test_a_missing_container_is_not_a_missing_file(tree_server):
    credential = AzureNamedKeyCredential(tree_server.account, tree_server.key)
    for request in (
        lambda lake: lake.put("tea", b"x"),
        lambda lake: list(lake.list("")),
        lambda lake: lake.rename("tea", "cup"),
        lambda lake: lake.read("tea"),
        lambda lake: lake.stat("tea"),
    ):
        error = refusal(opened(tree_server, credential, container="nowhere"), request)
        assert "no such container" in error.what
        assert "create the container" in error.fix


class Tokens:
    """A source of tokens that a test fills."""

    def __init__(self, *tokens):
        self.tokens = list(tokens)
        self.asked = 0

    def get_token(self, *_, **__):
        self.asked += 1
        token = self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]
        return AccessToken(token, 4_000_000_000)


def test_a_token_that_the_service_takes_for_expired_is_renewed_once():
    with DfsServer(tls=True) as server:
        tokens = Tokens(server.issue_token(lifetime=-60), server.issue_token())
        with opened(server, tokens, ca_file=str(server.ca_file)) as lake:
            lake.put("tea", b"x")
            assert lake.read("tea") == b"x"
        assert tokens.asked == 2


def test_a_token_that_stays_refused_ends_with_what_it_must_be_for():
    with DfsServer(tls=True) as server:
        token = server.issue_token(audience="https://graph.microsoft.com/")
        error = refusal(opened(server, Tokens(token), ca_file=str(server.ca_file)))
        assert "https://storage.azure.com/" in error.fix
        assert token not in everything_said(error)


def test_a_missing_role_is_named_with_what_it_is_needed_on():
    with DfsServer(tls=True) as server:
        error = refusal(opened(server, Tokens(server.issue_token(role="reader")), ca_file=str(server.ca_file)))
        assert "Storage Blob Data Contributor on the container" in error.fix


def test_a_certificate_of_a_stranger_is_not_trusted_and_nothing_is_sent():
    with DfsServer(tls=True) as server:
        error = refusal(opened(server, Tokens(server.issue_token())))
        assert not isinstance(error, Retryable)
        assert "not trusted" in error.what
        assert "ca_file" in error.fix
        assert not server.requests


def fault_of(status, code, text="secret text"):
    class Answer:
        status_code = status
        headers = {"x-ms-error-code": code, "x-ms-request-id": "r-1", "Retry-After": "soon"}  # noqa: RUF012
        reason = text

    error = HttpResponseError(message=text)
    error.response = Answer()
    return ServiceFault(error)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "PathNotFound", FileNotFoundError),
        (404, "BlobNotFound", FileNotFoundError),
        (409, "PathAlreadyExists", FileExistsError),
        (409, "BlobAlreadyExists", FileExistsError),
        (304, "ConditionNotMet", FileExistsError),
        (412, "ConditionNotMet", FileExistsError),
        (412, "SourceConditionNotMet", OSError),
        (409, "DirectoryNotEmpty", OSError),
        (409, "PathConflict", NotADirectoryError),
        (409, "InvalidSourceOrDestinationResourceType", NotADirectoryError),
        (412, "LeaseIdMissing", BlockingIOError),
        (409, "LeaseAlreadyPresent", BlockingIOError),
        (400, "InvalidInput", OSError),
        (418, "", OSError),
        (429, "", StoreError),
        (500, "InternalError", StoreError),
        (503, "ServerBusy", StoreError),
        (409, "DestinationPathIsBeingDeleted", StoreError),
        (400, "Md5Mismatch", StoreError),
    ],
)
def test_answers_become_errors_by_code_and_status(status, code, kind):
    fault = fault_of(status, code)
    error = error_for(fault, "abfss://lake@tea/cup")
    assert type(error) is kind or (kind is StoreError and isinstance(error, Retryable))
    assert "abfss://lake@tea/cup" in str(error)
    assert "secret text" not in str(fault) + str(error)
    assert fault.after is None


def test_onelake_is_told_of_workspaces_and_fabrics_roles():
    missing = error_for(fault_of(404, "FilesystemNotFound"), "abfss://w@onelake/x", onelake=True)
    assert "no such workspace" in str(missing)
    refused = error_for(fault_of(403, "AuthorizationPermissionMismatch"), "abfss://w@onelake/x", onelake=True)
    assert "Contributor of the workspace" in str(refused)


def test_a_firewall_is_thought_of():
    assert "firewall" in str(error_for(fault_of(403, "AuthorizationFailure"), "x"))


def test_a_sign_in_that_fails_is_not_tried_again():
    fault = ServiceFault(ClientAuthenticationError(message="the secret abc is wrong"))
    error = error_for(fault, "x")
    assert not fault.passes
    assert "abc" not in str(error)
    assert "check the credential" in str(error)


def test_a_time_out_is_told_as_one():
    fault = ServiceFault(ServiceRequestError(message="", error=TimeoutError("long address?sig=1")))
    assert fault.what == "no answer in time"
    assert fault.passes
    assert ServiceFault(ServiceRequestError(message="gone")).what == "the connection was lost"


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("http://account.dfs.core.windows.net", "plain http"),
        ("https://account.dfs.core.windows.net?sig=abc", "address such as"),
        ("https://user@account.dfs.core.windows.net", "address such as"),
        ("ftp://account", "address such as"),
        ("https:///lake", "address such as"),
    ],
)
def test_addresses_that_would_show_something_are_refused(endpoint, said):
    with pytest.raises(ValueError, match=said) as caught:
        LakePlace(endpoint=endpoint, container="lake")
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize("path", ["../up", "a/../../b", "/a", "a//b", "a/", "a/./b"])
def test_paths_that_lead_elsewhere_are_refused(path):
    place = LakePlace(endpoint="https://tea.dfs.core.windows.net", container="lake", root="x")
    with pytest.raises(ValueError, match="leads out of the lake at abfss://lake@tea"):
        place.at(path)


def test_an_account_is_asked_once_what_kind_it_is(server, open_on):
    lake = open_on(server)
    for _ in range(3):
        assert lake.hierarchical == server.service.account.hierarchical
    lake.stat("marker")
    assert sum(seen.operation == "get_access" for seen in server.requests) == 1


def test_an_account_that_does_not_show_access_is_asked_for_its_kind(server, open_on):
    server.arm(Fault(match="get_access *", status=403, code="AuthorizationPermissionMismatch", times=None))
    assert open_on(server).hierarchical == server.service.account.hierarchical


def test_an_account_that_says_nothing_is_not_guessed_at(server, open_on):
    server.arm(Fault(match="get_access *", status=404, code="FilesystemNotFound", times=None))
    server.arm(Fault(match="*account*", status=403, code="AuthorizationPermissionMismatch", times=None))
    lake = open_on(server)
    server.arm(Fault(match="*", status=403, code="AuthorizationPermissionMismatch", times=None))
    with pytest.raises(StoreError):
        _ = lake.abilities
