"""From lake to lake by `hygge go`, with the journal in the lake: nothing of it comes to rest on this machine."""

from __future__ import annotations

import io

import polars as pl
import pytest
from azure.core.credentials import AzureNamedKeyCredential
from azure.storage.blob import ContainerClient

from adls.load.shipping import go
from hygge_store_adls.testing import DfsServer


CONFIG = """\
name = "river"

[options]
journal = { connection = "lake" }

[connections.lake]
type = "adls"
endpoint = "URL"
account = "ACCOUNT"
container = "lake"
credential = "account_key"
account_key = "${LAKE_KEY}"

[flows.refine]
run_type = "incremental"
home = { type = "parquet", connection = "lake", path = "raw/{entity}/**/*.parquet" }
store = { type = "adls", connection = "lake", path = "fine/{entity}" }
watermark = { column = "id", key = ["id"] }
entities = ["teas", "cups"]
"""


@pytest.fixture(params=[True, False], ids=["hierarchical", "flat"])
def server(request):
    with DfsServer(hierarchical=request.param) as served:
        yield served


def client(server):
    credential = AzureNamedKeyCredential(server.account, server.key)
    return ContainerClient(server.url, server.container, credential=credential)


def put(server, name, *numbers):
    target = io.BytesIO()
    pl.DataFrame({"id": numbers}).write_parquet(target)
    with client(server) as files:
        files.upload_blob(name, target.getvalue())


def seen(server, folder):
    with client(server) as files:
        names = sorted(files.list_blob_names(name_starts_with=folder))
        data = [files.download_blob(name).readall() for name in names if name.endswith(".parquet")]
    return sorted(number for one in data for number in pl.read_parquet(io.BytesIO(one))["id"])


def test_what_is_new_in_one_folder_comes_into_the_other(server, tmp_path):
    (tmp_path / "hygge.toml").write_text(
        CONFIG.replace("URL", server.url).replace("ACCOUNT", server.account), encoding="utf-8"
    )
    put(server, "raw/teas/2026/1.parquet", 1, 2)
    put(server, "raw/cups/1.parquet", 7)
    report, _ = go(tmp_path, server)
    assert [table["rows"]["read"] for table in report["tables"]] == [2, 1]
    assert {table["road"] for table in report["tables"]} == {"frame"}
    assert report["tables"][0]["isolation"]["name"] == "files unchanged while read"
    put(server, "raw/teas/2026/2.parquet", 2, 3, 4)
    report, _ = go(tmp_path, server)
    assert [table["rows"]["staged"] or 0 for table in report["tables"]] == [2, 0]
    assert (seen(server, "fine/teas/"), seen(server, "fine/cups/")) == ([1, 2, 3, 4], [7])
    with client(server) as files:
        assert len(list(files.list_blob_names(name_starts_with="hygge/journal/records/"))) == 4
    assert {path.name for path in tmp_path.iterdir()} == {"hygge.toml", "runs"}
