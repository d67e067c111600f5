"""The blob dialect through the real SDK, as flat accounts and foreign readers speak it; azurite answers the same."""

from __future__ import annotations

from contextlib import ExitStack
from uuid import uuid4

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.storage.blob import BlobBlock, BlobServiceClient, ContentSettings

from hygge_store_adls.testing import DfsServer


@pytest.fixture(
    scope="module",
    params=["flat", "hierarchical", pytest.param("azurite", marks=pytest.mark.slow)],
)
def blobs(request):
    """The SDK's blob client for each kind of account."""
    with ExitStack() as stack:
        if request.param == "azurite":
            url, key, version = *request.getfixturevalue("azurite"), {"api_version": "2024-11-04"}
        else:
            server = stack.enter_context(DfsServer(hierarchical=request.param == "hierarchical"))
            url, key, version = server.url, server.key, {}
        yield stack.enter_context(BlobServiceClient(url, credential=key, retry_total=0, **version))


@pytest.fixture
def container(blobs):
    made = blobs.create_container(f"hygge-test-{uuid4().hex[:12]}")
    yield made
    made.delete_container()


def names(container, **options):
    return [blob.name for blob in container.list_blobs(**options)]


def test_a_blob_that_was_put_reads_back(container):
    blob = container.upload_blob("in/tea", b"green", metadata={"leaf": "long"})
    assert blob.download_blob().readall() == b"green"
    assert blob.get_blob_properties().metadata == {"leaf": "long"}
    assert blob.get_blob_properties().size == 5


def test_an_empty_blob_can_be_put(container):
    assert container.upload_blob("empty", b"").download_blob().readall() == b""


def test_a_blob_is_put_once_unless_it_may_be_overwritten(container, refused):
    blob = container.upload_blob("tea", b"green")
    with refused(409, "BlobAlreadyExists", ResourceExistsError):
        blob.upload_blob(b"black")
    blob.upload_blob(b"black", overwrite=True)
    assert blob.download_blob().readall() == b"black"


def test_a_blob_is_replaced_only_while_it_is_what_it_was(container, refused):
    blob = container.upload_blob("tea", b"green")
    stale = blob.get_blob_properties().etag
    blob.upload_blob(b"black", overwrite=True)
    with refused(412, "ConditionNotMet", ResourceModifiedError):
        blob.upload_blob(b"white", overwrite=True, etag=stale, match_condition=MatchConditions.IfNotModified)
    assert blob.download_blob().readall() == b"black"


def test_a_blob_is_read_only_where_it_changed_when_asked_so(container):
    blob = container.upload_blob("tea", b"green")
    etag = blob.get_blob_properties().etag
    with pytest.raises(Exception, match=r"(?i)condition|not modified") as caught:
        blob.download_blob(etag=etag, match_condition=MatchConditions.IfModified)
    assert caught.value.status_code == 304


def test_blocks_are_seen_once_they_are_listed(container):
    blob = container.get_blob_client("tea")
    blob.stage_block("01", b"green ")
    blob.stage_block("02", b"tea")
    assert not blob.exists()
    assert names(container) == []
    committed, waiting = blob.get_block_list("all")
    assert (committed, [block.id for block in waiting]) == ([], ["01", "02"])
    blob.commit_block_list([BlobBlock("01"), BlobBlock("02")])
    assert blob.download_blob().readall() == b"green tea"
    blob.stage_block("03", b"black ")
    blob.commit_block_list([BlobBlock("03"), BlobBlock("02")])
    assert blob.download_blob().readall() == b"black tea"
    committed, waiting = blob.get_block_list("all")
    assert ([block.size for block in committed], waiting) == ([6, 3], [])


def test_a_list_of_blocks_that_are_not_there_is_refused(container, refused):
    blob = container.get_blob_client("tea")
    blob.stage_block("01", b"green")
    with refused(400, "InvalidBlockList"):
        blob.commit_block_list([BlobBlock("02")])


def test_blocks_of_a_blob_that_is_not_there_cannot_be_told(container, refused):
    with refused(404, "BlobNotFound", ResourceNotFoundError):
        container.get_blob_client("none").get_block_list("all")


def test_a_large_blob_goes_up_in_blocks_and_comes_down_in_ranges(container, monkeypatch):
    data = bytes(range(256)) * 1024
    blob = container.get_blob_client("large")
    monkeypatch.setattr(blob._config, "max_single_put_size", 10_000)
    monkeypatch.setattr(blob._config, "max_block_size", 50_000)
    monkeypatch.setattr(blob._config, "max_single_get_size", 70_000)
    monkeypatch.setattr(blob._config, "max_chunk_get_size", 70_000)
    blob.upload_blob(data, max_concurrency=3, metadata={"size": "large"})
    assert blob.download_blob(max_concurrency=2, validate_content=False).readall() == data
    assert blob.get_blob_properties().metadata == {"size": "large"}


def test_content_that_is_not_what_its_checksum_says_is_refused(container, refused):
    with refused(400, "Md5Mismatch", azurite="InvalidOperation"):
        container.get_blob_client("tea").upload_blob(b"tea", headers={"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="})
    assert names(container) == []


def test_a_copy_is_another_blob_with_the_same_content(container, refused):
    blob = container.upload_blob("in/tea", b"green", metadata={"leaf": "long"})
    copy = container.get_blob_client("out/tea")
    assert copy.start_copy_from_url(blob.url)["copy_status"] == "success"
    assert copy.download_blob().readall() == b"green"
    assert copy.get_blob_properties().metadata == {"leaf": "long"}
    with refused(409, "BlobAlreadyExists", ResourceExistsError):
        copy.start_copy_from_url(blob.url, match_condition=MatchConditions.IfMissing)
    stale = "0x8000000000"
    with refused(412, "SourceConditionNotMet", azurite="ConditionNotMet"):
        copy.start_copy_from_url(blob.url, source_etag=stale, source_match_condition=MatchConditions.IfNotModified)


def test_what_is_not_there_cannot_be_copied(container):
    source = container.get_blob_client("none")
    with pytest.raises(ResourceNotFoundError):
        container.get_blob_client("copy").start_copy_from_url(source.url)
    assert not container.get_blob_client("copy").exists()


def test_metadata_and_properties_are_replaced(container):
    blob = container.upload_blob("tea", b"green", metadata={"a": "1"})
    before = blob.get_blob_properties().etag
    blob.set_blob_metadata({"b": "2"})
    blob.set_http_headers(ContentSettings(content_type="text/tea"))
    found = blob.get_blob_properties()
    assert found.metadata == {"b": "2"}
    assert found.content_settings.content_type == "text/tea"
    assert found.etag != before


def test_a_deleted_blob_is_gone(container, refused):
    blob = container.upload_blob("tea", b"green")
    blob.delete_blob()
    assert not blob.exists()
    with refused(404, "BlobNotFound", ResourceNotFoundError):
        blob.delete_blob()


def test_many_blobs_are_deleted_at_once(container):
    for number in range(3):
        container.upload_blob(f"{number}", b"tea")
    answers = container.delete_blobs("0", "2", "none", raise_on_any_failure=False)
    assert [answer.status_code for answer in answers] == [202, 202, 404]
    assert names(container) == ["1"]


def test_a_listing_has_pages_and_levels(container):
    for name in ("in/a/1", "in/a/2", "in/b", "inn"):
        container.upload_blob(name, b"tea")
    listed = names(container, name_starts_with="in", results_per_page=2)
    assert [name for name in listed if name not in ("in", "in/a")] == ["in/a/1", "in/a/2", "in/b", "inn"]
    assert [blob.name for blob in container.walk_blobs("in/")] == ["in/a/", "in/b"]


def test_a_lease_keeps_others_from_writing_a_blob(container, refused):
    blob = container.upload_blob("tea", b"green")
    lease = blob.acquire_lease(15)
    with refused(412, "LeaseIdMissing"):
        blob.upload_blob(b"black", overwrite=True)
    with refused(412, "LeaseIdMismatchWithBlobOperation"):
        blob.upload_blob(b"black", overwrite=True, lease="22222222-2222-2222-2222-222222222222")
    blob.upload_blob(b"black", overwrite=True, lease=lease)
    lease.release()
    assert blob.download_blob().readall() == b"black"


def test_nothing_is_found_in_a_container_that_is_not_there(blobs, refused):
    with refused(404, "ContainerNotFound", ResourceNotFoundError):
        blobs.get_container_client("no-such-container").upload_blob("tea", b"green")
    with refused(404, "ContainerNotFound", ResourceNotFoundError):
        names(blobs.get_container_client("no-such-container"))


def test_the_account_tells_its_kind(blobs):
    assert blobs.get_account_information()["account_kind"] == "StorageV2"
