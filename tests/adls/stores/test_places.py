"""Where tables are, as readers write it, and that no two tables share a place however it is spelled."""

from __future__ import annotations

import pytest

from adls.stores.opening import MEMORY, context
from hygge_core.commit import Table
from hygge_core.config import load_project
from hygge_core.engine import plan
from hygge_core.engine.opened import Opened
from hygge_core.errors import ConfigError, StoreError, UsageError
from hygge_core.plugins import Plugins
from hygge_core.secret import Secret
from hygge_store_adls.account import adls_account, onelake_account
from hygge_store_adls.config import AdlsConnection, AdlsStore, OneLakeConnection, OneLakeStore
from hygge_store_adls.connection import StorageConnection
from hygge_store_adls.store import open_adls_store, open_onelake_store


WORKSPACE, LAKEHOUSE = "0a1b2c3d-1111-2222-3333-444455556666", "ffffffff-1111-2222-3333-444455556666"
TEAS = Table(name="teas", flow="f")
SAS = {"credential": "sas", "sas": Secret("?sp=rl&sig=hush")}


def located(store):
    try:
        return store.locate(TEAS)
    finally:
        store.close()


@pytest.mark.parametrize(
    ("keys", "address"),
    [
        ({"account": "tealake"}, "abfss://tea@tealake.dfs.core.windows.net/raw/teas"),
        ({"endpoint": "https://tealake.dfs.core.windows.net/"}, "abfss://tea@tealake.dfs.core.windows.net/raw/teas"),
        ({"endpoint": "https://tealake.blob.core.windows.net"}, "abfss://tea@tealake.dfs.core.windows.net/raw/teas"),
        (
            {"account": "tealake", "endpoint": "https://tealake.dfs.core.chinacloudapi.cn"},
            "abfss://tea@tealake.dfs.core.chinacloudapi.cn/raw/teas",
        ),
        ({"endpoint": "http://127.0.0.1:9/tealake"}, "http://127.0.0.1:9/tealake/tea/raw/teas"),
    ],
)
def test_a_table_is_named_as_readers_write_it(keys, address):
    assert (
        located(open_adls_store(AdlsStore(container="tea", path="raw/{entity}", **keys, **SAS), context())) == address
    )


@pytest.mark.parametrize(
    ("keys", "address"),
    [
        (
            {"workspace": "Tea", "lakehouse": "Leaves"},
            "abfss://Tea@onelake.dfs.fabric.microsoft.com/Leaves.Lakehouse/Files/teas",
        ),
        (
            {"workspace": WORKSPACE, "lakehouse": LAKEHOUSE, "schema": "raw"},
            f"abfss://{WORKSPACE}@onelake.dfs.fabric.microsoft.com/{LAKEHOUSE}/Files/raw/teas",
        ),
        (
            {
                "workspace": "Tea",
                "lakehouse": "Leaves.Lakehouse",
                "path": "Files/{flow}/{entity}",
                "endpoint": "https://westeurope-onelake.blob.fabric.microsoft.com",
            },
            "abfss://Tea@westeurope-onelake.dfs.fabric.microsoft.com/Leaves.Lakehouse/Files/f/teas",
        ),
    ],
)
def test_a_table_of_a_lakehouse_is_named_as_readers_write_it(keys, address):
    assert located(open_onelake_store(OneLakeStore(**keys, **SAS), context())) == address


def test_a_store_takes_what_it_does_not_say_from_its_connection():
    lake = StorageConnection(
        adls_account(config := AdlsConnection(account="tealake", container="tea", **SAS)), config, context()
    )
    fabric = StorageConnection(
        onelake_account(other := OneLakeConnection(workspace="Tea", lakehouse="Leaves", **SAS)), other, context()
    )
    shared = context(lake=lake, fabric=fabric)
    begins = "abfss://{}@tealake.dfs.core.windows.net/raw/teas"
    own = AdlsStore(connection="lake", container="cups", path="raw/{entity}")
    assert located(open_adls_store(AdlsStore(connection="lake", path="raw/{entity}"), shared)) == begins.format("tea")
    assert located(open_adls_store(own, shared)) == begins.format("cups")
    assert "/Leaves.Lakehouse/Files/teas" in located(open_onelake_store(OneLakeStore(connection="fabric"), shared))
    more = OneLakeStore(connection="fabric", lakehouse="Cups")
    assert "/Cups.Lakehouse/Files/teas" in located(open_onelake_store(more, shared))
    with pytest.raises(UsageError, match="connection fabric: lakehouse is an id and workspace a name"):
        open_onelake_store(OneLakeStore(connection="fabric", lakehouse=LAKEHOUSE), shared)
    with pytest.raises(UsageError, match='connection fabric: a store of type "adls" cannot use it; name a connection'):
        open_adls_store(AdlsStore(connection="fabric", path="x"), shared)
    with pytest.raises(UsageError, match='a store of type "onelake" cannot use it'):
        open_onelake_store(OneLakeStore(connection="lake"), shared)
    lake.close()
    fabric.close()


@pytest.mark.parametrize(
    ("connection", "missing"),
    [(AdlsConnection(account="tealake", **SAS), "container"), (OneLakeConnection(workspace="Tea", **SAS), "lakehouse")],
)
def test_a_place_that_nobody_names_is_asked_for(connection, missing):
    account = (adls_account if missing == "container" else onelake_account)(connection)
    opened = StorageConnection(account, connection, context())
    with pytest.raises(StoreError, match=f"no {missing} is named; name it in the connection"):
        opened.lake("raw")
    opened.close()


@pytest.mark.parametrize(
    ("text", "fault"),
    [(None, "cannot be read: No such file"), ("no PEM at all", "holds no certificates of authorities")],
)
def test_a_file_of_authorities_that_cannot_be_used_is_named_before_anybody_is_asked(tmp_path, text, fault):
    if text is not None:
        (tmp_path / "ca.pem").write_text(text, "utf-8")
    config = AdlsConnection(account="tealake", container="tea", ca_file="ca.pem", **SAS)
    with pytest.raises(StoreError, match=f"ca.pem: {fault}.* ca_file"):
        StorageConnection(adls_account(config), config, context(tmp_path))


def test_a_folder_beside_those_that_onelake_manages_is_refused_before_it_is_asked():
    """As the journal's usual place would be."""
    config = OneLakeConnection(workspace="Tea", lakehouse="Leaves", **SAS)
    opened = StorageConnection(onelake_account(config), config, context())
    with pytest.raises(StoreError, match=r"hygge/journal would be beside Files and Tables.*begin the path with Files/"):
        opened.lake("hygge/journal")
    assert opened.lake("Files/hygge/journal").url("") != opened.lake("").url("")
    opened.close()


def test_a_project_opens_connections_of_both_kinds_and_its_stores_share_them(tmp_path):
    signed = 'credential = "azure_cli"'
    (tmp_path / "hygge.toml").write_text(
        f'[connections.lake]\ntype = "adls"\naccount = "tealake"\ncontainer = "tea"\n{signed}\n'
        f'[connections.fabric]\ntype = "onelake"\nworkspace = "Tea"\nlakehouse = "Leaves"\n{signed}\n'
        '[flows.one]\nhome = { type = "csv", path = "x" }\nstore = { type = "onelake", connection = "fabric" }\n'
        '[flows.two]\nhome = { type = "csv", path = "x" }\n'
        'store = { type = "adls", connection = "lake", path = "raw/{flow}" }\n',
        "utf-8",
    )
    plugins = Plugins.load()
    project = load_project(tmp_path / "hygge.toml", plugins=plugins, environ={})
    with Opened(project.root, project.connections, plugins, MEMORY) as opened:
        stores = [opened.store(entity.store) for entity in project.entities]
        assert [store.locate(TEAS) for store in stores] == [
            "abfss://Tea@onelake.dfs.fabric.microsoft.com/Leaves.Lakehouse/Files/teas",
            "abfss://tea@tealake.dfs.core.windows.net/raw/f",
        ]
        assert opened.get("lake") is opened.get("lake")


SPELLINGS = [
    'account = "tealake", container = "tea", path = "raw/{entity}"',
    'endpoint = "https://tealake.dfs.core.windows.net", container = "tea", path = "raw/{entity}"',
    'endpoint = "https://tealake.blob.core.windows.net/", container = "tea", path = "raw/{entity}"',
    'account = "tealake", container = "tea", path = "raw/teas", layout = "file"',
    'connection = "lake", path = "raw/{entity}"',
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_two_flows_into_one_place_are_refused_however_they_spell_it(tmp_path, spelling):
    flow = '[flows.{}]\nhome = {{ type = "csv", path = "x" }}\nstore = {{ type = "adls", {} }}\nentities = ["teas"]\n'
    signed = 'credential = "azure_cli"'
    one = f'{SPELLINGS[0]}, timeout = "9s", {signed}'
    other = spelling if "connection" in spelling else f"{spelling}, {signed}"
    lake = f'[connections.lake]\ntype = "adls"\naccount = "tealake"\ncontainer = "tea"\n{signed}\n'
    (tmp_path / "hygge.toml").write_text(lake + flow.format("one", one) + flow.format("two", other), "utf-8")
    plugins = Plugins.load()
    project = load_project(tmp_path / "hygge.toml", plugins=plugins, environ={})
    with pytest.raises(
        ConfigError, match=r"two\.teas: would settle in the same place as one\.teas: abfss://tea@tealake"
    ):
        list(plan(project, plugins, project.entities))
