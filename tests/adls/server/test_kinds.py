"""Other kinds of account: OneLake, where Fabric manages the upper folders, and flat accounts without folders."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
)
from azure.storage.blob import BlobServiceClient
from azure.storage.filedatalake import DataLakeServiceClient, generate_file_system_sas

from hygge_store_adls.testing import DfsServer


@pytest.fixture
def workspace():
    with DfsServer(tls=True, onelake=True, container="shop") as running:
        running.add_item("teahouse.Lakehouse")
        yield running


@pytest.fixture
def fabric(workspace, client):
    return client(workspace, workspace.credential()).get_file_system_client("shop")


def put(fabric, path, data=b"green"):
    fabric.get_file_client(path).upload_data(data, overwrite=True)
    return fabric.get_file_client(path)


def test_below_the_managed_folders_everything_goes(fabric):
    put(fabric, "teahouse.Lakehouse/Files/in/old")
    fabric.get_directory_client("teahouse.Lakehouse/Files/in").rename_directory("shop/teahouse.Lakehouse/Files/out")
    found = [path.name for path in fabric.get_paths(path="teahouse.Lakehouse/Files")]
    assert found == ["teahouse.Lakehouse/Files/out", "teahouse.Lakehouse/Files/out/old"]
    assert fabric.get_file_client("teahouse.Lakehouse/Files/out/old").download_file().readall() == b"green"
    fabric.delete_directory("teahouse.Lakehouse/Files/out")
    assert not fabric.get_file_client("teahouse.Lakehouse/Files/out/old").exists()


def test_items_and_the_folders_directly_in_them_are_fabrics(fabric, refused):
    put(fabric, "teahouse.Lakehouse/Files/in/old")
    for folder in ("other.Lakehouse", "teahouse.Lakehouse", "teahouse.Lakehouse/Files", "teahouse.Lakehouse/Other"):
        with refused(400, "OperationNotAllowedOnThePath"):
            fabric.create_directory(folder)
        with refused(400, "OperationNotAllowedOnThePath"):
            fabric.delete_directory(folder)
        with refused(400, "OperationNotAllowedOnThePath"):
            fabric.get_directory_client(folder).rename_directory("shop/teahouse.Lakehouse/Files/new")
        with refused(400, "OperationNotAllowedOnThePath"):
            fabric.get_directory_client("teahouse.Lakehouse/Files/in").rename_directory(f"shop/{folder}")


def test_a_folder_that_the_item_does_not_have_takes_nothing(fabric, refused):
    with refused(400, "OperationNotAllowedOnThePath"):
        put(fabric, "teahouse.Lakehouse/Other/file")
    with refused(404, "PathNotFound", ResourceNotFoundError):
        put(fabric, "coffeehouse.Lakehouse/Files/file")


def test_the_workspace_answers_head_and_listings_alone(workspace, fabric, refused):
    assert [path.name for path in fabric.get_paths(recursive=False)] == ["teahouse.Lakehouse"]
    for call in (fabric.get_file_system_properties, fabric.delete_file_system, fabric.acquire_lease):
        with refused(400, "OperationNotAllowedOnThePath"):
            call()
    with refused(400, "OperationNotAllowedOnThePath"):
        fabric.set_file_system_metadata({"a": "b"})
    options = {"credential": workspace.credential(), "retry_total": 0, "connection_verify": workspace.ca_file}
    with DataLakeServiceClient(workspace.url, **options) as service, refused(400, "OperationNotAllowedOnThePath"):
        list(service.list_file_systems())


def test_access_control_is_refused_and_told_without_content(workspace, client, refused):
    fabric = client(workspace, workspace.credential(role="owner")).get_file_system_client("shop")
    file = put(fabric, "teahouse.Lakehouse/Files/tea")
    with refused(400, "OperationNotAllowedOnThePath"):
        file.set_access_control(permissions="rwxrwxrwx")
    assert file.get_access_control()["permissions"] == "---------"


def test_headers_that_are_fabrics_are_ignored_and_named(fabric):
    kept = []
    fabric.get_file_client("teahouse.Lakehouse/Files/tea").create_file(
        permissions="rwxrwxrwx",
        owner="somebody",
        raw_response_hook=lambda response: kept.append(response.http_response.headers),
    )
    assert kept[0]["x-ms-rejected-headers"] == "x-ms-owner,x-ms-permissions"


def test_onelake_takes_tokens_and_signatures_of_tokens_alone(workspace, client, refused):
    with refused(403, "KeyBasedAuthenticationNotPermitted"):
        put(client(workspace).get_file_system_client("shop"), "teahouse.Lakehouse/Files/tea")
    hour = datetime.now(UTC) + timedelta(hours=1)
    signature = generate_file_system_sas(workspace.account, "shop", workspace.key, "racwdl", hour)
    with refused(403, "AuthenticationFailed", ClientAuthenticationError):
        put(client(workspace, signature).get_file_system_client("shop"), "teahouse.Lakehouse/Files/tea")
    key = client(workspace, workspace.credential()).get_user_delegation_key(hour - timedelta(hours=1), hour)
    signature = generate_file_system_sas(workspace.account, "shop", key, "racwdl", hour)
    assert put(client(workspace, signature).get_file_system_client("shop"), "teahouse.Lakehouse/Files/tea").exists()


def test_items_and_workspaces_may_go_by_guids(client):
    workspace, item = "0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"
    with DfsServer(tls=True, onelake=True, container=workspace) as server:
        server.add_item(item)
        container = client(server, server.credential()).get_file_system_client(workspace)
        assert put(container, f"{item}/Tables/tea/part-0.parquet").exists()


def test_a_onelake_may_refuse_to_rename(client, refused):
    with DfsServer(tls=True, onelake=True, rename=False) as server:
        server.add_item()
        container = client(server, server.credential()).get_file_system_client(server.container)
        file = put(container, "teahouse.Lakehouse/Files/old")
        with refused(400, "UnsupportedOperation"):
            file.rename_file(f"{server.container}/teahouse.Lakehouse/Files/new")


# Flat accounts


@pytest.fixture
def flat():
    with DfsServer(hierarchical=False) as running:
        yield running


def test_an_account_says_whether_it_is_hierarchical(flat, server):
    for running, answer in ((flat, False), (server, True)):
        with BlobServiceClient(running.url, running.key, retry_total=0) as blobs:
            container = blobs.get_container_client(running.container)
            assert blobs.get_account_information()["is_hns_enabled"] is answer
            assert container.get_account_information()["is_hns_enabled"] is answer


def test_a_flat_account_has_no_folders_to_make_rename_or_look_at(flat, client):
    container = client(flat).get_file_system_client(flat.container)
    container.get_file_client("in/tea").upload_data(b"green", overwrite=True)
    for call in (
        container.get_directory_client("in").create_directory,
        container.get_directory_client("/").get_access_control,
        container.get_directory_client("in").delete_directory,
        lambda: container.get_file_client("in/tea").rename_file(f"{flat.container}/in/new"),
    ):
        with pytest.raises(HttpResponseError) as caught:
            call()
        assert caught.value.status_code == 400
    assert [path.name for path in container.get_paths()] == ["in/tea"]


def test_a_name_in_a_flat_account_may_be_a_file_and_a_beginning(flat):
    with BlobServiceClient(flat.url, flat.key, retry_total=0) as blobs:
        container = blobs.get_container_client(flat.container)
        container.upload_blob("in/tea", b"green")
        container.upload_blob("in", b"a file")
        container.delete_blob("in")
        assert [blob.name for blob in container.list_blobs()] == ["in/tea"]
        assert [blob.name for blob in container.walk_blobs()] == ["in/"]


def test_a_folder_that_holds_something_is_not_deleted_as_a_blob(server, refused):
    with BlobServiceClient(server.url, server.key, retry_total=0) as blobs:
        container = blobs.get_container_client(server.container)
        container.upload_blob("in/tea", b"green")
        with refused(409, "DirectoryIsNotEmpty"):
            container.delete_blob("in")
        with refused(409, "ResourceTypeMismatch"):
            container.upload_blob("in", b"a file", overwrite=True)


def test_a_hierarchy_is_listed_folder_by_folder_and_a_flat_account_as_text(flat, server):
    for running, order in ((server, ["a", "a/b", "a-b"]), (flat, ["a-b", "a/b"])):
        with BlobServiceClient(running.url, running.key, retry_total=0) as blobs:
            container = blobs.get_container_client(running.container)
            for name in ("a-b", "a/b"):
                container.upload_blob(name, b"tea")
            assert [blob.name for blob in container.list_blobs(results_per_page=1)] == order


def test_an_operation_that_takes_long_is_still_one_step(server, client):
    """Among many paths a rename takes a while, in which no other may take its target."""
    container = client(server).get_file_system_client(server.container)
    for number in range(8):
        container.get_file_client(f"in/{number}").create_file()
    played = server.service.account.containers[server.container]
    played.nodes |= {f"other/{number:06}": played.nodes["in/0"] for number in range(400_000)}

    def rename(number):
        try:
            source = container.get_file_client(f"in/{number}")
            source.rename_file(f"{server.container}/prize", match_condition=MatchConditions.IfMissing)
        except ResourceExistsError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(rename, range(8))) == 1
