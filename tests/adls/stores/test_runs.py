"""Whole runs of the command line into ADLS and OneLake, read back by others than the store."""

from __future__ import annotations

import io
import json
from urllib.parse import parse_qs, quote

import polars as pl
import pytest
from azure.core.credentials import AzureNamedKeyCredential
from azure.storage.filedatalake import FileSystemClient

from adls.stores.conftest import SECRETS, account, lakehouse
from adls.stores.signing import signature
from hygge_store_adls.lake import LakePlace
from hygge_store_adls.scanning import address_within, scan_options
from hygge_store_adls.testing import DfsServer, Fault


HOME = '{ type = "csv", path = "in/{entity}.csv" }'


@pytest.fixture
def go(hygge):
    """Run a command that must go well."""

    def ended_well(*words, **environ):
        run = hygge(*words, **environ)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    return ended_well


def scan(server, path):
    """Read a folder by Polars' own reader, over the blob dialect."""
    place = LakePlace(endpoint=server.url, container=server.container)
    options = scan_options(place, server.account, AzureNamedKeyCredential(server.account, server.key))
    return pl.read_parquet(address_within(place, server.account, path), **options)


def download(server, folder):
    """Read a folder by the Azure client, file by file."""
    credential = server.credential() if server.ca_file else server.key
    client = FileSystemClient(
        server.url, server.container, credential=credential, connection_verify=server.ca_file or True
    )
    with client:
        names = [found.name for found in client.get_paths(folder) if not found.is_directory]
        files = [client.get_file_client(name).download_file().readall() for name in sorted(names)]
    return pl.concat([pl.read_parquet(io.BytesIO(file)) for file in files])


def test_a_table_is_replaced_whole_and_polars_reads_it(server, project, write, go, move):
    project(
        f'[flows.f]\nhome = {HOME}\nstore = {{ type = "adls", path = "raw/{{entity}}", {account(server)} }}\n'
        'entities = ["teas"]\n'
    )
    write(Id=[1, 2], Leaf=["Assam", "Darjeeling"])
    assert "1 of 1 table moved, 2 rows" in go("go", LAKE_KEY=server.key)
    assert scan(server, "raw/teas/*.parquet")["Leaf"].to_list() == ["Assam", "Darjeeling"]
    write(Id=[1], Leaf=["Sencha"])
    assert move(LAKE_KEY=server.key)["teas"].state == "committed"
    assert scan(server, "raw/teas/*.parquet")["Leaf"].to_list() == ["Sencha"]


@pytest.mark.parametrize("hierarchical", [True, False], ids=["hierarchical", "flat"])
def test_rows_are_added_and_kept_on_both_kinds_of_accounts(project, write, move, hierarchical):
    with DfsServer(hierarchical=hierarchical) as server:
        keys = account(server, layout="runs")
        project(
            f'[flows.f]\nrun_type = "append"\nhome = {HOME}\n'
            f'store = {{ type = "adls", path = "raw/{{entity}}", {keys} }}\nentities = ["teas"]\n'
        )
        for leaf in ("Assam", "Sencha"):
            write(Id=[1, 2], Leaf=[leaf, "Pu-erh"])
            assert move(LAKE_KEY=server.key)["teas"].state == "committed"
        assert sorted(scan(server, "raw/teas/**/*.parquet")["Leaf"]) == ["Assam", "Pu-erh", "Pu-erh", "Sencha"]


def test_what_is_new_is_upserted_over_a_connection(server, project, write, go, move):
    lines = account(server).replace(", ", "\n")
    project(
        f'[connections.lake]\ntype = "adls"\n{lines}\n[flows.f]\nrun_type = "incremental"\nwrite = "upsert"\n'
        f'home = {HOME}\nstore = {{ type = "adls", connection = "lake", path = "raw/{{entity}}" }}\n'
        'watermark = { column = "Seen", key = ["Id"] }\nentities = ["teas"]\n'
    )
    write(Id=[1, 2], Leaf=["Assam", "Sencha"], Seen=[10, 20])
    assert move(LAKE_KEY=server.key)["teas"].state == "committed"
    write(Id=[1, 2, 3], Leaf=["Assam", "Gyokuro", "Pu-erh"], Seen=[10, 30, 31])
    outcome = move(LAKE_KEY=server.key)["teas"]
    assert (outcome.state, outcome.watermark.mark) == ("committed", "31")
    found = scan(server, "raw/teas/").sort("Id")
    assert found.rows() == [(1, "Assam", 10), (2, "Gyokuro", 30), (3, "Pu-erh", 31)]
    assert "1 of 1 table as they should be" in go("verify", "--keys", LAKE_KEY=server.key)


def test_onelake_is_written_by_a_service_principal_over_tls(onelake, project, write, go, move):
    project(f'[flows.f]\nhome = {HOME}\nstore = {{ type = "onelake", {lakehouse(onelake)} }}\nentities = ["teas"]\n')
    write(Id=[1, 2], Leaf=["Assam", "Darjeeling"])
    go("go", **SECRETS)
    assert download(onelake, "Leaves.Lakehouse/Files/teas")["Leaf"].to_list() == ["Assam", "Darjeeling"]
    write(Id=[1], Leaf=["Sencha"])
    assert move(**SECRETS)["teas"].state == "committed"
    assert download(onelake, "Leaves.Lakehouse/Files/teas")["Leaf"].to_list() == ["Sencha"]
    assert [seen for seen in onelake.requests if seen.status in {400, 401, 403, 405, 501}] == []


def test_a_token_that_ends_midway_is_renewed(onelake, project, write, move):
    """Each token is good for one look at the clock: whatever comes later needs a new one."""
    onelake.sign_in.lifetime = 60
    write(Id=[1], Leaf=["Assam"])
    project(f'[flows.f]\nhome = {HOME}\nstore = {{ type = "onelake", {lakehouse(onelake)} }}\nentities = ["teas"]\n')
    assert move(**SECRETS)["teas"].state == "committed"
    assert len(onelake.sign_in.asked) > 5
    assert download(onelake, "Leaves.Lakehouse/Files/teas").height == 1


def test_a_token_that_is_revoked_ends_the_run_with_what_to_do_and_nothing_to_see(onelake, project, write, move):
    write(Id=[1], Leaf=["Assam"])
    project(
        f"[options]\nattempts = 1\n[flows.f]\nhome = {HOME}\n"
        f'store = {{ type = "onelake", {lakehouse(onelake)} }}\nentities = ["teas"]\n'
    )
    onelake.sign_in.issue = lambda: onelake.issue_token(lifetime=-1)
    failed = move(**SECRETS)["teas"]
    assert failed.state == "failed"
    assert "401" in failed.error
    assert "sign in again" in failed.error
    assert not [seen for seen in onelake.requests if seen.mutating and seen.status < 400]


def test_odd_names_of_entities_arrive_as_they_are(server, project, write, move):
    names = ["100% wool #1", "tëa é 茶", "a%2Fb", "semi;colon & (co)", "x" * 100, "q?uestion+plus"]
    for name in names:
        write(name, Id=[len(name)])
    project(
        f"[flows.f]\nhome = {HOME}\nstore = {{ type = 'adls', path = 'raw/{{flow}}/{{entity}}', "
        f"{account(server)} }}\nentities = {json.dumps(names, ensure_ascii=False)}\n"
    )
    for _ in range(2):
        assert {table.state for table in move(LAKE_KEY=server.key).values()} == {"committed"}
    with FileSystemClient(server.url, server.container, credential=server.key) as client:
        found = {entry.name for entry in client.get_paths("raw/f", recursive=False)}
    assert found == {f"raw/f/{name}" for name in names}
    assert [download(server, f"raw/f/{name}")["Id"].to_list() for name in names] == [[len(name)] for name in names]


def test_secrets_show_nowhere_even_when_everything_is_told(server, project, write, hygge):
    write(Id=[1], Leaf=["Assam"])
    project(
        f'[flows.f]\nhome = {HOME}\nstore = {{ type = "adls", path = "raw/{{entity}}", {account(server)} }}\n'
        'entities = ["teas"]\n'
    )
    right = hygge("debug", "--debug", LAKE_KEY=server.key)
    wrong = hygge("go", "--debug", LAKE_KEY="aHVzaC1odXNoLWh1c2gtaHVzaA==")
    told = right.stdout + right.stderr + wrong.stdout + wrong.stderr
    assert "azure.core.pipeline" in told
    assert wrong.returncode == 1
    assert server.key not in told
    assert "aHVzaC1odXNo" not in told
    assert "SharedKey" not in told


def test_a_signature_shows_nowhere_even_when_everything_is_told(server, project, write, hygge):
    """The network's own log tells every address, with the signature taken apart and written anew."""
    write(Id=[1], Leaf=["Assam"])
    keys = account(server, credential="sas").replace('account_key = "${LAKE_KEY}"', 'sas = "${LAKE_SAS}"')
    project(
        f'[flows.f]\nhome = {HOME}\nstore = {{ type = "adls", path = "raw/{{entity}}", {keys} }}\nentities = ["teas"]\n'
    )
    text = signature(server)
    (signed,) = parse_qs(text)["sig"]
    server.arm(Fault(what="drop", times=2))
    run = hygge("go", "--debug", LAKE_SAS=text)
    told = run.stdout + run.stderr
    assert run.returncode == 0, told
    assert "sig=***" in told
    for form in (signed, quote(signed), quote(signed, safe="")):
        assert form not in told
