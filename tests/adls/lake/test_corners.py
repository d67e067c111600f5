"""What the model does not ask for: roots, signatures, versions, and folders that are others by now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from azure.core.credentials import AzureSasCredential
from azure.storage.blob import AccountSasPermissions, ResourceTypes, generate_account_sas

from hygge_core.lake import Defers
from hygge_store_adls.lake import Access, LakePlace, open_lake
from hygge_store_adls.testing import DfsServer


def test_the_root_of_a_container_is_a_folder_like_any_other(server, open_on):
    lake = open_on(server)
    lake.make_directory("")
    assert lake.stat("") is None or lake.stat("").is_directory
    lake.put("a/b", b"tea")
    assert lake.stat("").is_directory
    assert [entry.path for entry in lake.list("")] == ["a"]
    assert [entry.path for entry in lake.list("", recursive=True)] == ["a", "a/b"]
    lake.rename_directory("a", "c")
    assert lake.read("c/b") == b"tea"
    if not lake.hierarchical:
        lake.delete_directory("")
        assert list(lake.list("")) == []


def test_what_may_wait_is_done_at_once_and_never_over_another(lake):
    assert isinstance(lake, Defers)
    lake.put_soon("journal/line", b"one")
    with pytest.raises(FileExistsError):
        lake.put_soon("journal/line", b"two")
    assert lake.read("journal/line") == b"one"
    lake.delete_soon("journal/line")
    lake.delete_soon("journal/line")
    assert lake.stat("journal/line") is None


def test_addresses_are_those_that_readers_write():
    azure = LakePlace(endpoint="https://tea.dfs.core.windows.net/", container="lake", root="/raw/")
    assert azure.url("orders") == "abfss://lake@tea.dfs.core.windows.net/raw/orders"
    assert LakePlace(endpoint="http://127.0.0.1:1/tea", container="lake").url("a") == "http://127.0.0.1:1/tea/lake/a"
    assert azure.below("raw/a/b") == "a/b"


def test_a_folder_is_not_made_where_a_file_is(lake):
    lake.put("a", b"tea")
    with pytest.raises(FileExistsError):
        lake.make_directory("a")
    assert lake.read("a") == b"tea"


def test_a_folder_is_not_moved_over_another_nor_from_nowhere(lake):
    lake.put("a/one", b"tea")
    lake.put("b/two", b"cup")
    with pytest.raises(FileExistsError):
        lake.rename_directory("a", "b")
    with pytest.raises(FileNotFoundError):
        lake.rename_directory("nowhere", "c")
    assert [entry.path for entry in lake.list("", recursive=True) if not entry.is_directory] == ["a/one", "b/two"]


def test_a_signature_is_enough_to_move_files_too(server):
    signature = generate_account_sas(
        server.account,
        server.key,
        resource_types=ResourceTypes(service=True, container=True, object=True),
        permission=AccountSasPermissions(
            read=True, write=True, delete=True, list=True, create=True, add=True, move=True, execute=True
        ),
        expiry=datetime.now(UTC) + timedelta(hours=1),
    )
    kind = server.service.account.hierarchical
    place = LakePlace(endpoint=server.url, container=server.container, root="top", hierarchical=kind)
    lake = open_lake(place, AzureSasCredential(signature), Access(timeout=20))
    try:
        lake.put("a/b%2Fc", b"tea")
        lake.rename("a/b%2Fc", "d/e f")
        lake.rename_directory("d", "g")
        with lake.lease("state/lease", "run 1") as hold:
            hold.check()
        assert [entry.path for entry in lake.list("g")] == ["g/e f"]
        assert lake.read("g/e f") == b"tea"
    finally:
        lake.close()


def test_a_folder_that_is_another_by_now_is_not_moved(tree):
    tree.put("table/old", b"old")
    seen = tree.stat("table")
    assert seen.version
    tree.rename_directory("table", "gone")
    tree.put("table/new", b"new")
    with pytest.raises(OSError, match="another writer came in between"):
        tree.rename_directory("table", "elsewhere", version=seen.version)
    assert tree.read("table/new") == b"new"
    tree.rename_directory("table", "elsewhere", version=tree.stat("table").version)
    assert tree.read("elsewhere/new") == b"new"


def test_versions_are_the_same_whoever_is_asked(lake):
    lake.put("a/b", b"tea")
    (listed,) = lake.list("a")
    assert listed.version == lake.stat("a/b").version
    lake.put("a/b", b"cup")
    assert lake.stat("a/b").version != listed.version


def test_a_lake_may_be_closed_twice(lake):
    lake.put("a", b"tea")
    lake.close()
    lake.close()


def test_onelake_is_a_lake_with_real_folders_below_its_managed_ones():
    with DfsServer(onelake=True, tls=True) as server:
        item = server.add_item()
        place = LakePlace(endpoint=server.url, container=server.container, root=f"{item}/Files", hierarchical=True)
        lake = open_lake(place, server.credential(), Access(timeout=20, ca_file=server.ca_file))
        try:
            with lake.lease("_hygge/teas/lease", "run 1") as hold:
                hold.check()
                lake.put("_hygge/teas/stages/1/data/part", b"tea")
                lake.rename_directory("_hygge/teas/stages/1/data", "teas")
            with lake.create("cups/large") as file:
                file.write(bytes(9 << 20))
            lake.rename("teas/part", "teas/piece")
            assert lake.read("teas/piece") == b"tea"
            assert [entry.path for entry in lake.list("")] == ["_hygge", "cups", "teas"]
            lake.delete_directory("cups")
            lake.delete("teas/piece")
            assert list(lake.list("teas")) == []
            assert not {seen.operation for seen in server.requests if seen.status == 403}
        finally:
            lake.close()
