"""Commands that ask Fabric: a mirrored database made, started, asked for its state, and its tables rebuilt."""

from __future__ import annotations

import polars as pl
import pytest

from hygge_core.errors import UsageError
from hygge_store_openmirroring.fabric.api import FabricRefused
from openmirroring.commands.projects import data_of, flow, hygge_mirror, write
from openmirroring.fabric.rest import TOKEN, Rest, table
from openmirroring.onelake.fabric import MIRROR, WORKSPACE, fabric, keys_of


@pytest.fixture(scope="module")
def cloud():
    """OneLake, whoever signs in there, and the database that polls its landing zone."""
    with fabric() as cloud:
        yield cloud


@pytest.fixture
def rest(cloud):
    """Fabric's REST interface, which takes the tokens of the same sign-in service."""
    _, sign_in, _ = cloud
    with Rest(WORKSPACE) as rest:
        before, sign_in.issue = sign_in.issue, lambda: TOKEN
        rest.database(known=MIRROR, status="Running")
        yield rest
        sign_in.issue = before


@pytest.fixture
def project(cloud, rest, tmp_path, monkeypatch):
    """A project with a connection to the workspace, and a flow into its mirrored database."""
    monkeypatch.chdir(tmp_path)
    server, sign_in, _ = cloud
    keys = keys_of(server, sign_in) | {"fabric": rest.url}
    write(tmp_path, flow(_toml(keys), entities='["Order", "Item"]') + _connection(keys), Order={"Id": [1]})
    return tmp_path


def _toml(keys):
    return ", ".join(f'{key} = "{value}"' for key, value in keys.items())


def _connection(keys, **more):
    keys = {key: value for key, value in keys.items() if key not in {"mirror", "fabric"}} | more
    return '\n[connections.tenant]\ntype = "onelake"\n' + "\n".join(f'{k} = "{v}"' for k, v in keys.items())


def test_the_state_of_a_flow_is_that_of_its_tables(project, rest):
    assert project
    rest.tables = [table("Order", rows=1234), table("Stranger", status="Failed"), table("Item", status="Snapshotting")]
    done = hygge_mirror("status", "sales")
    assert done.exit_code == 0
    said = done.stdout.splitlines()
    assert said[0] == "The mirrored database is Running."
    assert said[1].split() == ["table", "state", "processed", "rows", "synchronised"]
    assert said[2].split() == ["dbo.Order", "Replicating", "1,234", "2026-10-08T05:07:11.0663362Z"]
    assert said[3].split()[:2] == ["dbo.Item", "Snapshotting"]
    assert len(said) == 4


def test_a_table_that_replicates_and_holds_an_error_is_no_good_state(project, rest):
    assert project
    rest.tables = [table(error={"errorCode": "InputValidationError", "message": "0 bytes"}), table("Item")]
    done = hygge_mirror("status", "sales")
    assert done.exit_code == 1
    assert done.stdout.endswith("dbo.Order: 0 bytes (InputValidationError)\n")
    assert hygge_mirror("status", "sales.Item").exit_code == 0


def test_a_flow_may_reach_its_database_by_a_connection(cloud, rest, project):
    server, sign_in, _ = cloud
    store = f'connection = "tenant", mirror = "{MIRROR}", fabric = "{rest.url}"'
    (project / "hygge.toml").write_text(flow(store) + _connection(keys_of(server, sign_in)), "utf-8")
    rest.tables = [table("Order")]
    assert hygge_mirror("status", "sales").exit_code == 0


def test_a_connection_to_elsewhere_is_no_way_to_a_mirrored_database(project):
    other = '\n[connections.disk]\ntype = "adls"\naccount = "mine"\ncontainer = "raw"\n'
    store = f'connection = "disk", mirror = "{MIRROR}"'
    (project / "hygge.toml").write_text(flow(store) + other, "utf-8")
    with pytest.raises(UsageError, match="connection disk: does not lead to OneLake"):
        hygge_mirror("status", "sales")


def test_a_shared_access_signature_is_nothing_that_fabric_takes(cloud, rest, project):
    server, _, _ = cloud
    keys = {"workspace": WORKSPACE, "mirror": MIRROR, "endpoint": server.url, "fabric": rest.url}
    signed = keys | {"credential": "sas", "sas": "sv=2026&sig=hush"}
    (project / "hygge.toml").write_text(flow(_toml(signed)), "utf-8")
    with pytest.raises(UsageError, match=r"Fabric cannot be asked .*credential that gives tokens"):
        hygge_mirror("status", "sales")
    assert not rest.seen


def test_a_table_that_fabric_does_not_know_is_absent(project, rest):
    assert project
    rest.tables = [table("Item")]
    done = hygge_mirror("status", "sales", "--output", "json")
    assert done.exit_code == 1
    (_, database), (_, order), (_, item) = data_of(done)
    assert database == {"status": "Running", "error": ""}
    assert (order["name"], order["status"], item["status"]) == ("dbo.Order", "Absent", "Replicating")


def test_a_paused_database_is_no_good_state(project, rest):
    assert project
    rest.tables = [table("Item")]
    rest.databases[MIRROR]["status"] = "Paused"
    assert hygge_mirror("status", "sales.Item").exit_code == 1


def test_what_is_wrong_with_a_database_is_said_with_its_state(project, rest):
    assert project
    rest.tables = [table("Item")]
    rest.faults.append((200, {}, {"status": "Running", "error": {"errorCode": "Throttled", "message": "1 TB today"}}))
    done = hygge_mirror("status", "sales.Item")
    assert done.exit_code == 1
    assert done.stdout.startswith("The mirrored database is Running: 1 TB today (Throttled).\n")


def test_a_database_is_made_in_the_workspace_of_a_connection(project, rest):
    assert project
    words = ("create", "Mirror two", "--connection", "tenant", "--fabric", rest.url, "--retention", 3)
    done = hygge_mirror(*words)
    (known,) = [known for known, each in rest.databases.items() if each["name"] == "Mirror two"]
    assert done.stdout == f'Mirror two is made. In the store of a flow, write:\n  mirror = "{known}"\n'
    assert rest.databases[known]["target"]["retentionInDays"] == 3
    with pytest.raises(FabricRefused, match="the name is taken"):
        hygge_mirror(*words)


def test_a_database_may_be_started_as_soon_as_it_is_made(project, rest):
    assert project
    rest.begins = "Running"
    done = hygge_mirror("create", "m3", "--connection", "tenant", "--fabric", rest.url, "--start", "--output", "json")
    (made, told), (state, database) = data_of(done)
    assert (made, state, database["status"]) == ("created", "database", "Running")
    assert rest.databases[told["mirror"]]["name"] == "m3"


def test_a_connection_by_the_workspaces_name_cannot_make_a_database(cloud, rest, project):
    server, sign_in, _ = cloud
    (project / "hygge.toml").write_text(_connection(keys_of(server, sign_in), workspace="Tea"), "utf-8")
    with pytest.raises(UsageError, match=r"connection tenant: names the workspace 'Tea', .* by its id"):
        hygge_mirror("create", "m", "--connection", "tenant", "--fabric", rest.url)


def test_a_connection_whose_cloud_is_not_known_cannot_make_a_database(project):
    assert project
    with pytest.raises(UsageError, match=r"connection tenant: does not lead to Fabric's REST interface; .*--fabric"):
        hygge_mirror("create", "m", "--connection", "tenant")


def test_a_flows_database_is_started_and_waited_for(project, rest):
    assert project
    assert hygge_mirror("start", "sales").stdout == "The mirrored database is Running.\n"
    assert data_of(hygge_mirror("start", "sales", "--output", "json")) == [
        ("database", {"status": "Running", "error": ""})
    ]
    assert not [path for _, path, _, _ in rest.seen if path.endswith("startMirroring")]


def test_a_database_is_not_waited_for_longer_than_asked(project, rest):
    assert project
    rest.databases[MIRROR]["status"] = "Paused"
    with pytest.raises(Exception, match="does not run after 0 s; it is Paused"):
        hygge_mirror("start", "sales", "--timeout", 0)


def test_no_secret_is_said(project, rest):
    assert project
    rest.faults.append((403, {}, {"errorCode": "InsufficientPrivileges", "message": "no"}))
    with pytest.raises(FabricRefused) as caught:
        hygge_mirror("status", "sales")
    assert "hush" not in str(caught.value)


def test_a_landing_zone_in_onelake_is_looked_at_by_its_flow(cloud, project):
    _, sign_in, database = cloud
    sign_in.issue = cloud[0].issue_token
    database.zone.put("_partnerEvents.json", b"{}")
    database.zone.put("dbo.schema/Order/_metadata.json", b'{"keyColumns": ["Id"]}')
    file = project / "one.parquet"
    pl.DataFrame({"Id": [1]}).write_parquet(file)
    database.zone.put(f"dbo.schema/Order/{1:020d}.parquet", file.read_bytes())
    assert hygge_mirror("lint", "sales").exit_code == 0
    assert "dbo.Order" in hygge_mirror("simulate", "sales").stdout
    database.zone.put(f"dbo.schema/Order/_ProcessedFiles/{0:020d}.parquet", file.read_bytes())
    assert "1 file," in hygge_mirror("clean", "sales", "--older-than", 0, "--yes").stdout
