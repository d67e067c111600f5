"""Readers that know nothing of the SDK: Polars, adlfs and a plain HTTP client read what was written, and write."""

from __future__ import annotations

import io
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPConnection
from urllib.parse import urlsplit

import polars as pl
import pytest
from azure.storage.filedatalake import generate_file_system_sas

from hygge_store_adls.testing import DfsServer
from hygge_store_adls.testing.shared_key import sign, text_to_sign
from hygge_store_adls.testing.wire import Request


TEAS = pl.DataFrame({"id": range(1000), "name": [f"tea {number}" for number in range(1000)]})


@pytest.fixture
def lake(server, client):
    container = client(server).get_file_system_client(server.container)
    for number in range(2):
        parquet = io.BytesIO()
        TEAS.slice(number * 500, 500).write_parquet(parquet)
        container.get_file_client(f"teas/part {number}.parquet").upload_data(parquet.getvalue(), overwrite=True)
    return container


def options(server, **credential):
    return {"account_name": server.account, "azure_storage_endpoint": server.url, "allow_http": "true", **credential}


@pytest.mark.parametrize("address", ["az://lake", "abfss://lake@hyggetest.dfs.core.windows.net"])
@pytest.mark.usefixtures("lake")
def test_polars_scans_what_the_sdk_wrote(server, address):
    found = pl.scan_parquet(f"{address}/teas/*.parquet", storage_options=options(server, account_key=server.key))
    assert found.sort("id").collect().equals(TEAS)
    assert {seen.operation for seen in server.requests if not seen.mutating} == {"list_blobs", "head", "read"}


@pytest.mark.usefixtures("lake")
def test_polars_scans_with_a_signature(server):
    hour = datetime.now(UTC) + timedelta(hours=1)
    signature = generate_file_system_sas(server.account, server.container, server.key, "rl", hour)
    found = pl.scan_parquet("az://lake/teas/*.parquet", storage_options=options(server, sas_token=signature))
    assert found.select(pl.len()).collect().item() == 1000


@pytest.mark.usefixtures("lake")
def test_polars_is_refused_with_another_key(server):
    wrong = options(server, account_key="YW5vdGhlcg==")
    with pytest.raises(OSError, match=r"403|AuthenticationFailed|Forbidden"):
        pl.scan_parquet("az://lake/teas/*.parquet", storage_options=wrong).collect()


def test_polars_writes_what_the_sdk_reads(server, lake):
    TEAS.write_parquet("az://lake/out/teas.parquet", storage_options=options(server, account_key=server.key))
    written = lake.get_file_client("out/teas.parquet").download_file().readall()
    assert pl.read_parquet(io.BytesIO(written)).equals(TEAS)


def test_polars_scans_a_flat_account():
    with DfsServer(hierarchical=False) as server:
        known = options(server, account_key=server.key)
        TEAS.write_parquet("az://lake/teas/1.parquet", storage_options=known)
        TEAS.write_parquet("az://lake/teas/2.parquet", storage_options=known)
        assert (
            pl.scan_parquet("az://lake/teas/*.parquet", storage_options=known).select(pl.len()).collect().item() == 2000
        )


@pytest.mark.filterwarnings("default")  # adlfs leaves event loops behind that are not ours to close
@pytest.mark.usefixtures("lake")
def test_adlfs_lists_reads_copies_and_deletes(server):
    adlfs = pytest.importorskip("adlfs")
    words = (
        f"DefaultEndpointsProtocol=http;AccountName={server.account};AccountKey={server.key};BlobEndpoint={server.url}"
    )
    files = adlfs.AzureBlobFileSystem(connection_string=words, skip_instance_cache=True)
    assert files.find("lake/teas") == ["lake/teas/part 0.parquet", "lake/teas/part 1.parquet"]
    assert pl.read_parquet(io.BytesIO(files.cat("lake/teas/part 0.parquet"))).height == 500
    files.pipe("lake/new", b"green")
    files.mv("lake/new", "lake/moved")
    assert files.cat("lake/moved") == b"green"
    files.rm("lake/moved")
    assert not files.exists("lake/moved", refresh=True)


def exchanged(server, method, path, headers=None, body=None):
    connection = HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=30)
    with closing(connection):
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response.status, dict(response.headers), response.read()


def test_every_answer_carries_what_clients_log(server):
    asked = {"x-ms-version": "2021-08-06", "x-ms-client-request-id": "tea", "Authorization": "SharedKey a:b"}
    status, headers, body = exchanged(server, "GET", f"/{server.account}/lake/teas", asked)
    assert (status, headers["x-ms-version"], headers["x-ms-client-request-id"]) == (403, "2021-08-06", "tea")
    assert {"x-ms-request-id", "Date", "x-ms-error-code"} <= headers.keys()
    assert b"<Code>AuthenticationFailed</Code>" in body
    status, headers, body = exchanged(server, "PATCH", f"/{server.account}/lake/teas?action=flush&position=0", asked)
    assert b'"code": "AuthenticationFailed"' in body
    assert exchanged(server, "HEAD", f"/{server.account}/lake/teas", asked)[2] == b""


def test_what_the_server_does_not_know_is_refused_by_name(server):
    status, headers, body = exchanged(server, "PUT", f"/{server.account}/lake/teas?comp=tier")
    assert (status, headers["x-ms-error-code"]) == (400, "InvalidQueryParameterValue")
    assert b"comp=tier" in body
    assert server.requests[0].operation == "unknown"


def test_the_account_may_stand_in_the_host_name(server):
    """As in account.blob.core.windows.net."""
    named = {"Host": f"{server.account}.localhost"}
    status, headers, _ = exchanged(server, "GET", "/lake/teas", named)
    assert (status, headers["x-ms-error-code"]) == (401, "NoAuthenticationInformation")
    assert server.requests[0].path == "lake/teas"


def test_a_request_whose_body_ends_early_changes_nothing(server):
    connection = HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=30)
    connection.putrequest("PUT", f"/{server.account}/lake/tea")
    connection.putheader("Content-Length", "10")
    connection.endheaders()
    connection.send(b"gre")
    connection.close()
    for _ in range(1000):
        if server.requests:
            break
        time.sleep(0.01)
    (seen,) = server.requests
    assert (seen.operation, seen.status) == ("put_blob", 0)


def signed(server, method, path, query="", body=None, **headers):
    """Send one request as the SDK would sign it, for requests that the SDK does not make."""
    headers = {"x-ms-date": format_datetime(datetime.now(UTC), usegmt=True), "x-ms-version": "2023-11-03", **headers}
    known = dict(pair.split("=") for pair in query.split("&") if pair)
    asked = Request(
        method=method,
        target=f"/{server.account}/{path}",
        container="",
        path="",
        query=known,
        headers={name.lower(): value for name, value in headers.items()},
        dialect="blob",
    )
    signature = sign(server.key, text_to_sign(server.account, asked))
    headers["Authorization"] = f"SharedKey {server.account}:{signature}"
    return exchanged(server, method, f"{asked.target}?{query}", headers, body)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"method": "GET", "x-ms-range": "bytes=-5"}, (400, "InvalidHeaderValue")),
        ({"method": "PUT", "x-ms-blob-type": "PageBlob"}, (400, "InvalidHeaderValue")),
        ({"method": "PATCH", "query": "action=flush"}, (400, "MissingRequiredQueryParameter")),
        ({"method": "PATCH", "query": "action=append&position=0"}, (400, "InvalidHeaderValue")),
        (
            {"method": "PUT", "x-ms-blob-type": "BlockBlob", "x-ms-content-crc64": "AAAAAAAAAAA="},
            (400, "UnsupportedHeader"),
        ),
        ({"method": "GET", "If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, (200, None)),
    ],
)
def test_requests_that_no_sdk_makes_are_answered_too(server, lake, asked, answer):
    lake.get_file_client("tea").upload_data(b"green", overwrite=True)
    status, told, _ = signed(server, path="lake/tea", **asked)
    assert (status, told.get("x-ms-error-code")) == answer


def test_containers_are_made_and_deleted_in_the_dfs_dialect(server):
    assert signed(server, "PUT", "shop", "resource=filesystem")[0] == 201
    assert signed(server, "PUT", "shop", "resource=filesystem")[1]["x-ms-error-code"] == "FilesystemAlreadyExists"
    assert signed(server, "HEAD", "shop", "resource=filesystem")[1]["x-ms-namespace-enabled"] == "true"
    assert signed(server, "DELETE", "shop", "resource=filesystem")[0] == 202
    assert signed(server, "HEAD", "shop", "resource=filesystem")[0] == 404


def test_a_batch_takes_deletions_alone(server):
    part = "--x\r\nContent-Type: application/http\r\nContent-ID: 0\r\n\r\nPUT /hyggetest/lake/tea HTTP/1.1\r\n\r\n--x--"
    typed = {"Content-Type": "multipart/mixed; boundary=x", "Content-Length": str(len(part))}
    status, told, _ = signed(server, "POST", "lake", "comp=batch&restype=container", part.encode(), **typed)
    assert (status, told["x-ms-error-code"]) == (400, "InvalidInput")


def test_a_request_that_the_server_cannot_read_is_raised_when_it_closes():
    running = ExitStack()
    server = running.enter_context(DfsServer())
    with pytest.raises(ConnectionError):
        exchanged(server, "PUT", f"/{server.account}/lake/tea", {"Content-Length": "many"})
    with pytest.raises(AssertionError, match="many"):
        running.close()


def test_a_test_credential_answers_as_azure_identitys_do(server):
    token = server.credential(role="reader").get_token("https://storage.azure.com/.default")
    assert server.tokens.role(token.token) == "reader"
    assert token.expires_on > time.time()
