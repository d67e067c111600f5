"""Account keys, tokens and signatures: what opens the test server, and how it refuses what does not."""

from __future__ import annotations

import base64
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ServiceRequestError
from azure.storage.blob import BlobServiceClient
from azure.storage.filedatalake import (
    generate_account_sas,
    generate_directory_sas,
    generate_file_sas,
    generate_file_system_sas,
)

from hygge_store_adls.testing import DfsServer


SCOPE = "https://storage.azure.com/.default"


@pytest.fixture(scope="module")
def secure():
    with DfsServer(tls=True) as running:
        yield running


@pytest.fixture
def opened(secure, client):
    """Open the container with a credential; in it is one file, in/tea."""
    container = client(secure).get_file_system_client(secure.container)
    container.get_file_client("in/tea").upload_data(b"green", overwrite=True)
    return lambda credential, **options: client(secure, credential, **options).get_file_system_client(secure.container)


def reads(container):
    return container.get_file_client("in/tea").download_file().readall() == b"green"


def writes(container):
    container.get_file_client("in/new").create_file()
    return True


def in_an_hour(hours=1):
    return datetime.now(UTC) + timedelta(hours=hours)


# The account key


def test_the_account_key_opens_everything(opened, secure):
    assert reads(opened(secure.key))


def test_another_key_is_refused(opened, refused):
    with refused(403, "AuthenticationFailed", ClientAuthenticationError):
        writes(opened(base64.b64encode(b"another key").decode()))


def test_another_accounts_name_is_refused(opened, secure, refused):
    with refused(403, "AuthenticationFailed", ClientAuthenticationError):
        writes(opened({"account_name": "somebody", "account_key": secure.key}))


def test_a_request_that_is_not_signed_is_asked_to_be(secure, refused):
    with BlobServiceClient(secure.url, retry_total=0, connection_verify=secure.ca_file) as anonymous:
        blob = anonymous.get_blob_client(secure.container, "in/tea")
        with refused(401, "NoAuthenticationInformation", ClientAuthenticationError):
            blob.download_blob()


def test_a_signature_covers_path_query_and_headers(server, client):
    kept = []
    file = client(server).get_file_system_client(server.container).get_file_client("in/tea")
    file.create_file(raw_response_hook=lambda response: kept.append(response.http_request))
    signed, (path, query) = kept[0], kept[0].url.split(server.url, 1)[1].split("?")

    def status(path=path, query=query, **changed):
        connection = HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=30)
        headers = {**signed.headers, **{name.replace("_", "-"): value for name, value in changed.items()}}
        with closing(connection):
            connection.request("PUT", f"/{server.account}{path}?{query}", headers=headers)
            return connection.getresponse().status

    assert status() == 201
    assert status(path=f"{path}2") == 403
    assert status(query="resource=directory") == 403
    assert status(x_ms_version="2021-06-08") == 403
    assert status(If_None_Match="*") == 403


def test_headers_with_underscores_are_signed_in_the_services_order(opened, secure):
    file = opened(secure.key).get_file_client("in/tea")
    file.set_metadata({"a_b": "1", "ab": "2", "a1": "3", "aB_c": "4", "a": "5"})
    assert len(file.get_file_properties().metadata) == 5


def test_a_request_signed_long_ago_is_refused(server, client, refused):
    container = client(server).get_file_system_client(server.container)
    server.clock.skew = 14 * 60
    assert container.exists()
    server.clock.skew = 16 * 60
    with refused(403, "AuthenticationFailed", ClientAuthenticationError):
        container.create_file("tea")


def test_the_server_tells_its_own_time(server, client):
    server.clock.skew = -600
    container = client(server).get_file_system_client(server.container)
    told = container.get_file_client("tea").create_file()["date"]
    assert abs((datetime.now(UTC) - told).total_seconds() - 600) < 60


# Tokens


def test_a_token_opens_what_its_role_allows(opened, secure, refused):
    credential = secure.credential()
    assert reads(opened(credential))
    assert writes(opened(credential))
    assert set(credential.asked) == {(SCOPE,)}
    reader = opened(secure.credential(role="reader"))
    assert reads(reader)
    with refused(403, "AuthorizationPermissionMismatch"):
        writes(reader)


def test_a_token_without_a_role_opens_nothing(opened, secure, refused):
    with refused(403, "AuthorizationPermissionMismatch"):
        reads(opened(secure.credential(role="none")))


def test_only_an_owner_sets_permissions(opened, secure, refused):
    with refused(403, "AuthorizationPermissionMismatch"):
        opened(secure.credential()).get_directory_client("in").set_access_control(permissions="rwxr-xr-x")
    owner = opened(secure.credential(role="owner"))
    assert owner.get_directory_client("in").set_access_control(permissions="rwxr-xr-x")


def test_a_token_for_another_audience_is_refused_with_the_right_one(opened, secure):
    with pytest.raises(ClientAuthenticationError) as caught:
        writes(opened(secure.credential(audience="https://management.azure.com")))
    assert (caught.value.status_code, caught.value.error_code) == (401, "InvalidAuthenticationInfo")
    assert "resource_id=https://storage.azure.com" in caught.value.response.headers["WWW-Authenticate"]


def test_an_expired_token_is_refused_and_says_so(opened, secure):
    with pytest.raises(ClientAuthenticationError, match="The token is expired") as caught:
        writes(opened(secure.credential(lifetime=-1)))
    assert caught.value.status_code == 401


def test_a_token_that_another_issued_is_refused(opened):
    with DfsServer(tls=True) as other, pytest.raises(ClientAuthenticationError, match="Signature validation failed"):
        writes(opened(other.credential()))


def test_a_client_gets_a_new_token_when_its_own_expires_or_is_revoked():
    with DfsServer(tls=True) as server:
        credential = server.credential()
        with BlobServiceClient(server.url, credential, retry_total=0, connection_verify=server.ca_file) as blobs:
            blob = blobs.get_blob_client(server.container, "tea")
            blob.upload_blob(b"green")
            server.clock.advance(3601)
            assert blob.download_blob().readall() == b"green"
            server.tokens.revoke()
            assert blob.download_blob().readall() == b"green"
        assert len(credential.asked) == 3


def test_a_token_does_not_travel_without_tls(server, client):
    with pytest.raises(ValueError, match="HTTPS"):
        client(server, server.credential())


def test_a_token_that_travelled_without_tls_is_refused(server):
    headers = {"Authorization": f"Bearer {server.issue_token()}"}
    with (
        BlobServiceClient(server.url, retry_total=0) as blobs,
        pytest.raises(HttpResponseError) as caught,
    ):
        blobs.get_blob_client(server.container, "tea").upload_blob(b"green", headers=headers)
    assert caught.value.status_code == 403


def test_a_client_that_does_not_trust_the_certificate_sends_nothing(secure):
    seen = len(secure.requests)
    with (
        BlobServiceClient(secure.url, secure.key, retry_total=0) as blobs,
        pytest.raises(ServiceRequestError, match=r"(?i)certificate"),
    ):
        blobs.get_blob_client(secure.container, "in/tea").download_blob()
    assert len(secure.requests) == seen


# Signatures in the address


def signatures(secure, **options):
    """Signatures of each kind with the same permissions."""
    chosen = {"permission": "racwdlm", "expiry": in_an_hour()} | options
    place = secure.account, secure.container
    account_options = chosen | {"permission": chosen["permission"].replace("m", "")}
    return {
        "account": generate_account_sas(secure.account, secure.key, "sco", **account_options),
        "container": generate_file_system_sas(*place, secure.key, **chosen),
        "folder": generate_directory_sas(*place, "in", secure.key, **chosen),
        "file": generate_file_sas(*place, "in", "tea", secure.key, **chosen),
    }


@pytest.mark.parametrize("kind", ["account", "container", "folder", "file"])
def test_a_signature_opens_what_it_is_for(opened, secure, kind):
    assert reads(opened(signatures(secure)[kind]))


@pytest.mark.parametrize("kind", ["account", "container", "folder"])
def test_a_signature_lets_a_folder_be_written_and_renamed(opened, secure, kind):
    container = opened(signatures(secure)[kind])
    container.get_file_client("in/old").upload_data(b"black", overwrite=True)
    container.get_file_client("in/old").rename_file(f"{secure.container}/in/new")
    assert container.get_file_client("in/new").download_file().readall() == b"black"
    assert "in/new" in [path.name for path in container.get_paths(path="in")]


@pytest.mark.parametrize("kind", ["account", "container", "folder", "file"])
def test_a_signature_that_was_changed_is_refused(opened, secure, refused, kind):
    changed = signatures(secure, permission="r")[kind].replace("sp=r", "sp=rw")
    with refused(403, "AuthenticationFailed", ClientAuthenticationError):
        opened(changed).get_file_client("in/tea").create_file()


def test_a_signature_for_one_file_does_not_open_another(opened, secure, refused):
    with refused(403, "AuthenticationFailed", ClientAuthenticationError):
        writes(opened(signatures(secure)["file"]))


@pytest.mark.parametrize("hours", [-1, 2])
def test_a_signature_is_valid_from_its_start_to_its_end(opened, secure, hours):
    span = {"start": in_an_hour(hours), "expiry": in_an_hour(hours + 0.5)}
    with pytest.raises(ClientAuthenticationError, match="not valid in the specified time frame"):
        writes(opened(signatures(secure, **span)["container"]))


def test_a_signature_without_the_permission_is_refused(opened, secure, refused):
    with refused(403, "AuthorizationPermissionMismatch"):
        writes(opened(signatures(secure, permission="rl")["container"]))


def test_an_account_signature_names_the_levels_it_opens(opened, secure, refused):
    objects = generate_account_sas(secure.account, secure.key, "o", "rl", in_an_hour())
    assert reads(opened(objects))
    with refused(403, "AuthorizationResourceTypeMismatch"):
        list(opened(objects).get_paths())


def test_a_signature_for_tls_is_refused_without(server, client, refused):
    signature = generate_file_system_sas(
        server.account, server.container, server.key, "racwdl", in_an_hour(), protocol="https"
    )
    with refused(403, "AuthorizationProtocolMismatch"):
        writes(client(server, signature).get_file_system_client(server.container))


def test_a_user_delegation_key_signs_as_well(opened, secure, client, refused):
    key = client(secure, secure.credential()).get_user_delegation_key(in_an_hour(-1), in_an_hour())
    place = secure.account, secure.container
    assert reads(opened(generate_file_system_sas(*place, key, permission="racwdl", expiry=in_an_hour())))
    key.value = base64.b64encode(b"another").decode()
    with refused(403, "AuthenticationFailed", ClientAuthenticationError):
        writes(opened(generate_file_system_sas(*place, key, permission="racwdl", expiry=in_an_hour())))


def test_nothing_secret_is_recorded(opened, secure):
    secure.forget()
    credential = secure.credential()
    for chosen in (secure.key, credential, signatures(secure)["container"]):
        reads(opened(chosen))
        opened(chosen).get_file_client("in/tea").rename_file(f"{secure.container}/in/tea")
    assert len(secure.requests) > 3
    assert not any("sig" in seen.query or "authorization" in seen.headers for seen in secure.requests)
    assert "sig=" not in str([dict(seen.headers) for seen in secure.requests])
