"""Accounts, containers, workspaces and paths, as a project writes them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hygge_core.config import json_schema
from hygge_store_adls.paths import fault_in_path, split_at_places


ID = "0a1b2c3d-1111-2222-3333-444455556666"
OTHER = "ffffffff-1111-2222-3333-444455556666"
PLACE = 'account = "tealake", container = "tea", path = "raw/{entity}"'
LAKEHOUSE = 'workspace = "Tea", lakehouse = "Leaves"'


def test_what_is_not_said_has_a_safe_default(store):
    settings = store(PLACE)
    assert (settings.credential, settings.layout, settings.compression, settings.verify) == (
        "default",
        "folder",
        "snappy",
        "values",
    )
    assert (settings.adopt, settings.file_size, settings.timeout.total_seconds()) == (False, 128 << 20, 60)


@pytest.mark.parametrize(
    "keys",
    [
        PLACE,
        'endpoint = "https://tealake.dfs.core.chinacloudapi.cn", container = "tea", path = "{entity}"',
        'endpoint = "http://127.0.0.1:10000/tealake", container = "tea", path = "{entity}"',
        'endpoint = "http://localhost:10000/tealake", container = "tea", path = "{entity}"',
        'account = "tealake", endpoint = "https://lake.example", container = "a-b", path = "{flow}/{entity}.parquet"',
        'connection = "lake", path = "{entity}"',
        'connection = "lake", container = "tea", path = "{entity}"',
        f'{PLACE}, layout = "runs", compression = "zstd", compression_level = 9, file_size = "1MiB", adopt = true',
    ],
)
def test_an_account_is_named_in_many_ways(store, keys):
    assert store(keys).path.endswith(("{entity}", "{entity}.parquet"))


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ('container = "tea", path = "{entity}"', "account is missing"),
        ('account = "tealake", path = "{entity}"', "container is missing"),
        ('account = "tealake", container = "tea"', "store.path: required key is missing"),
        ('account = "TeaLake", container = "tea", path = "{entity}"', "account: must be 3 to 24 lower case"),
        (
            'account = "tealake.dfs.core.windows.net", container = "tea", path = "{entity}"',
            "an address goes into endpoint",
        ),
        ('account = "tealake", container = "Tea", path = "{entity}"', "container: must be 3 to 63 lower case"),
        ('account = "tealake", container = "ab", path = "{entity}"', "container: must be"),
        ('account = "tealake", container = "te--a", path = "{entity}"', "container: must be"),
        (f'account = "tealake", container = "{"a" * 64}", path = "{{entity}}"', "container: must be"),
        ('endpoint = "http://tea.example", container = "tea", path = "x"', "endpoint: must begin with https://"),
        ('endpoint = "tea.example", container = "tea", path = "x"', "endpoint: must be an address"),
        ('endpoint = "https://a:b@tea.example", container = "tea", path = "x"', "endpoint: must be an address"),
        (
            'endpoint = "https://tea.example?sig=hush", container = "tea", path = "x"',
            "endpoint: must hold no signature",
        ),
        (
            'endpoint = "https://onelake.dfs.fabric.microsoft.com", container = "tea", path = "x"',
            'use type = "onelake"',
        ),
        ('account = "tealake", container = "tea", path = ""', "path: is empty"),
        ('account = "tealake", container = "tea", path = "/raw/{entity}"', "path: begins or ends with a slash"),
        ('account = "tealake", container = "tea", path = "raw//{entity}"', "path: begins or ends with a slash"),
        ('account = "tealake", container = "tea", path = "raw/../{entity}"', "path: leads out of its folder"),
        ('account = "tealake", container = "tea", path = "raw./{entity}"', "path: holds a folder whose name ends with"),
        ("account = 'tealake', container = 'tea', path = 'raw\\{entity}'", "path: holds a backslash"),
        ('account = "tealake", container = "tea", path = "_hygge/{entity}"', "path: holds _hygge"),
        ('account = "tealake", container = "tea", path = "a\\tb"', "path: holds a control character"),
        (f'account = "tealake", container = "tea", path = "{"a/" * 250}b"', "path: is longer than 400 characters"),
        ('account = "tealake", container = "tea", path = "abfss://tea@x/{entity}"', "path: is an address"),
        ('connection = "lake", account = "tealake", path = "x"', "connection and account do not go together"),
        ('connection = "lake", timeout = "5s", path = "x"', "connection and timeout do not go together"),
        (f"{PLACE}, file_size = 5", "file_size"),
        (f'{PLACE}, layout = "tree"', "layout"),
    ],
)
def test_a_place_that_cannot_be_is_refused_with_file_and_line(store, refused, keys, fault):
    said = refused(store, keys)
    assert fault in said
    assert "hygge.toml:3: flows.f.store" in said
    assert "hush" not in said


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        (LAKEHOUSE, "Files/{entity}"),
        ('workspace = "Tea", lakehouse = "Leaves.Lakehouse"', "Files/{entity}"),
        (f'workspace = "{ID}", lakehouse = "{OTHER}"', "Files/{entity}"),
        (f'{LAKEHOUSE}, schema = "raw"', "Files/raw/{entity}"),
        (f'{LAKEHOUSE}, path = "Files/raw/{{flow}}/{{entity}}"', "Files/raw/{flow}/{entity}"),
        (f'{LAKEHOUSE}, endpoint = "https://westeurope-onelake.dfs.fabric.microsoft.com"', "Files/{entity}"),
        ('connection = "fabric"', "Files/{entity}"),
        ('connection = "fabric", lakehouse = "Leaves"', "Files/{entity}"),
    ],
)
def test_a_lakehouse_is_named_by_ids_or_by_names(store, keys, path):
    assert store(keys, "onelake").table_path == path


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ('lakehouse = "Leaves"', "workspace is missing"),
        ('workspace = "Tea"', "lakehouse is missing"),
        (f'workspace = "{ID}", lakehouse = "Leaves"', "workspace is an id and lakehouse a name"),
        (f'workspace = "Tea", lakehouse = "{ID}"', "lakehouse is an id and workspace a name"),
        ('workspace = "Tea room", lakehouse = "Leaves"', "workspace: no address can hold the name 'Tea room'"),
        ('workspace = "", lakehouse = "Leaves"', "workspace: no address"),
        ('workspace = "Tea", lakehouse = "Leaves.Warehouse"', "lakehouse: must be a lakehouse's id or its name"),
        (f'{LAKEHOUSE}, path = "Tables/{{entity}}"', "path: lies under Tables, where a folder must be a Delta table"),
        (f'{LAKEHOUSE}, path = "Tables"', "path: lies under Tables"),
        (f'{LAKEHOUSE}, path = "Files"', "path: must lie within Files"),
        (f'{LAKEHOUSE}, path = "raw/{{entity}}"', "path: must lie within Files"),
        (f'{LAKEHOUSE}, path = "Files/../{{entity}}"', "path: leads out of its folder"),
        (f'{LAKEHOUSE}, path = "Files/{{entity}}", schema = "raw"', "path and schema do not go together"),
        (f'{LAKEHOUSE}, schema = "a/b"', "schema: must be one folder's name"),
        (f'{LAKEHOUSE}, schema = ".."', "schema: must be one folder's name"),
        (f'{LAKEHOUSE}, credential = "account_key", account_key = "YQ=="', "OneLake has no account keys"),
        ('connection = "fabric", workspace = "Tea"', "connection and workspace do not go together"),
        (f'{LAKEHOUSE}, container = "tea"', "unknown key"),
    ],
)
def test_what_onelake_would_refuse_is_refused_before_it_is_asked(store, refused, keys, fault):
    assert fault in refused(store, keys, kind="onelake")


def test_connections_name_what_their_stores_may_leave_out(connection):
    assert connection('account = "tealake"').container is None
    assert connection('workspace = "Tea"', "onelake").lakehouse is None


@pytest.mark.parametrize(
    ("kind", "lines", "fault"),
    [
        ("adls", 'container = "tea"', "account is missing"),
        ("adls", 'endpoint = "https://x-onelake.dfs.fabric.microsoft.com"', 'use type = "onelake"'),
        ("onelake", 'lakehouse = "Leaves"', "workspace: required key is missing"),
        ("onelake", f'workspace = "{ID}"\nlakehouse = "Leaves"', "which OneLake does not take together"),
        (
            "onelake",
            'workspace = "Tea"\ncredential = "account_key"\naccount_key = "YQ=="',
            "OneLake has no account keys",
        ),
    ],
)
def test_a_connection_that_leads_nowhere_is_refused(connection, refused, kind, lines, fault):
    assert fault in refused(connection, lines, kind=kind)


def test_two_tables_with_one_path_are_refused_before_anything_is_opened(project, refused):
    home = '{ type = "csv", path = "in/{entity}.csv" }'
    place = '{ type = "adls", account = "tealake", container = "tea", path = "raw/all" }'
    said = refused(project, f'[flows.f]\nhome = {home}\nstore = {place}\nentities = ["a", "b"]\n')
    assert "all entities would settle in one place" in said


def test_editors_are_told_of_every_key(plugins):
    schema = json_schema(plugins)
    Draft202012Validator.check_schema(schema)
    kinds = [*schema["$defs"]["store"]["oneOf"], *schema["$defs"]["connection"]["oneOf"]]
    ours = [kind for kind in kinds if kind["properties"]["type"]["const"] in ("adls", "onelake")]
    assert len(ours) == 4
    for kind in ours:
        assert [key for key, told in kind["properties"].items() if key != "type" and not told.get("description")] == []
    flow = {
        "home": {"type": "csv", "path": "x"},
        "store": {"type": "onelake", "workspace": "Tea", "lakehouse": "Leaves", "timeout": "20s"},
    }
    valid = Draft202012Validator(schema).is_valid
    assert valid({"flows": {"f": flow}})
    assert not valid({"flows": {"f": {**flow, "store": {**flow["store"], "timeout": 20}}}})


def test_plugins_are_loaded_and_configurations_read_without_azure(tmp_path):
    text = f'[flows.f]\nhome = {{ type = "csv", path = "x" }}\nstore = {{ type = "adls", {PLACE} }}\n'
    (tmp_path / "hygge.toml").write_text(text, "utf-8")
    code = (
        "import sys, json; from pathlib import Path; from hygge_core.plugins import Plugins;"
        "from hygge_core.config import load_project;"
        "load_project(Path(sys.argv[1]), plugins=Plugins.load(), environ={});"
        "print(json.dumps([name for name in ('azure', 'msal', 'polars', 'requests') if name in sys.modules]))"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "hygge.toml")]
    assert json.loads(subprocess.run(words, capture_output=True, check=True, timeout=60).stdout) == []


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\\"), min_size=1, max_size=12)


@given(st.lists(st.one_of(NAMES, st.just("{entity}"), st.just("{flow}-x")), min_size=1, max_size=5))
def test_a_path_that_is_accepted_is_cut_where_names_begin_and_nothing_is_lost(names):
    path = "/".join(names)
    if fault_in_path(path):
        return
    root, table = split_at_places(path)
    assert "/".join(filter(None, [root, table])) == path
    assert "{entity}" not in root
    assert table
    assert not any(name.endswith((".", " ")) for name in path.split("/"))
