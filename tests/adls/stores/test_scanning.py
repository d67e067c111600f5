"""What a connection gives to Polars' own readers."""

from __future__ import annotations

import io

import polars as pl
import pytest

from adls.sign_in import APP, SECRET, TENANT
from adls.stores.opening import context
from adls.stores.signing import signature
from hygge_core.connection import OpensLakes, ScansUrls
from hygge_core.home import Probes
from hygge_core.secret import Secret
from hygge_store_adls.account import adls_account, onelake_account
from hygge_store_adls.config import AdlsConnection, OneLakeConnection
from hygge_store_adls.connection import StorageConnection


FRAME = pl.DataFrame({"Id": [1, 2], "Leaf": ["Assam", "Sencha"]})
SAS = {"credential": "sas", "sas": Secret("sp=rl&sig=hush")}


@pytest.fixture
def connect():
    opened = []

    def connected(config):
        account = onelake_account(config) if isinstance(config, OneLakeConnection) else adls_account(config)
        opened.append(StorageConnection(account, config, context()))
        return opened[-1]

    yield connected
    for connection in opened:
        connection.close()


def parquet(frame):
    written = io.BytesIO()
    frame.write_parquet(written)
    return written.getvalue()


def test_a_connection_offers_what_core_asks_for(connect):
    connection = connect(AdlsConnection(account="tealake", container="tea", **SAS))
    assert isinstance(connection, OpensLakes)
    assert isinstance(connection, ScansUrls)
    assert isinstance(connection, Probes)
    assert connection.lake("raw") is connection.lake("raw")
    assert connection.credential.signature == "sp=rl&sig=hush"
    connection.close()
    connection.close()


@pytest.mark.parametrize("way", ["account_key", "sas"])
def test_polars_reads_what_a_lake_wrote(connect, server, way):
    signed = {"account_key": Secret(server.key)} if way == "account_key" else {"sas": Secret(signature(server))}
    keys = {"account": server.account, "endpoint": server.url, "container": server.container}
    connection = connect(AdlsConnection(credential=way, **keys, **signed))
    connection.lake("raw").put("teas/100% wool #1.parquet", parquet(FRAME))
    for path in ("raw/teas/100% wool #1.parquet", "raw/teas/", "raw/*/*.parquet", "/raw/teas/100% wool #1.parquet"):
        assert pl.scan_parquet(connection.url(path), **connection.scan_options()).collect().equals(FRAME)


def test_polars_is_given_tokens_and_when_they_end(connect, onelake):
    principal = {"tenant_id": TENANT, "client_id": APP, "client_secret": Secret(SECRET)}
    trusted = {"authority": onelake.sign_in.authority, "ca_file": onelake.sign_in.ca_file}
    config = OneLakeConnection(
        workspace="Tea",
        lakehouse="Leaves",
        endpoint=onelake.url,
        credential="service_principal",
        **principal,
        **trusted,
    )
    options = connect(config).scan_options()
    given, until = options["credential_provider"]()
    assert onelake.tokens.role(given["bearer_token"]) == "contributor"
    assert until > 0
    assert SECRET not in repr(options)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("raw/teas/*.parquet", "abfss://tea@tealake.dfs.core.windows.net/raw/teas/*.parquet"),
        ("/raw/teas/", "abfss://tea@tealake.dfs.core.windows.net/raw/teas/"),
        ("", "abfss://tea@tealake.dfs.core.windows.net/"),
        ("abfss://tea@tealake.dfs.core.windows.net/raw", "abfss://tea@tealake.dfs.core.windows.net/raw"),
        ("abfs://tea@tealake.dfs.core.windows.net/raw/", "abfss://tea@tealake.dfs.core.windows.net/raw/"),
        ("az://tea/raw", "abfss://tea@tealake.dfs.core.windows.net/raw"),
        ("https://tealake.blob.core.windows.net/tea/raw/a b", "abfss://tea@tealake.dfs.core.windows.net/raw/a b"),
        ("abfss://tea@tealake.dfs.core.windows.net/a#b?c%20", "abfss://tea@tealake.dfs.core.windows.net/a#b?c%20"),
    ],
)
def test_a_path_becomes_an_address_and_an_address_stays_one(connect, path, address):
    assert connect(AdlsConnection(account="tealake", container="tea", **SAS)).url(path) == address


@pytest.mark.parametrize(
    "address",
    [
        "abfss://cups@tealake.dfs.core.windows.net/raw",
        "abfss://tea@coffee.dfs.core.windows.net/raw",
        "https://tealake.blob.core.windows.net/cups/raw",
        "az://cups/raw",
        "../raw",
    ],
)
def test_an_address_elsewhere_is_refused(connect, address):
    connection = connect(AdlsConnection(account="tealake", container="tea", **SAS))
    with pytest.raises(ValueError, match=r"is not in container tea of https://tealake|leads out of the lake"):
        connection.url(address)


def test_a_lakehouse_begins_at_its_item(connect):
    connection = connect(OneLakeConnection(workspace="Tea", lakehouse="Leaves", **SAS))
    begins = "abfss://Tea@onelake.dfs.fabric.microsoft.com/Leaves.Lakehouse"
    assert connection.url("Files/raw/*.parquet") == f"{begins}/Files/raw/*.parquet"
    assert connection.url(f"{begins}/Files/raw") == f"{begins}/Files/raw"


def test_an_endpoint_that_polars_does_not_know_goes_into_the_options(connect):
    endpoint = "https://tealake.dfs.core.chinacloudapi.cn"
    connection = connect(AdlsConnection(account="tealake", container="tea", endpoint=endpoint, **SAS))
    options = connection.scan_options()["storage_options"]
    assert options["endpoint"] == "https://tealake.blob.core.chinacloudapi.cn"
    assert connection.url("raw") == "abfss://tea@tealake.dfs.core.windows.net/raw"
    assert "allow_http" not in options
