"""Files and folders in the dfs dialect, through the real SDK."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.filedatalake import ContentSettings


def names(lake, **options):
    return [path.name for path in lake.get_paths(**options)]


def written(lake, path, data=b"tea"):
    file = lake.get_file_client(path)
    file.upload_data(data, overwrite=True)
    return file


def read(lake, path):
    return lake.get_file_client(path).download_file().readall()


def test_a_file_that_was_uploaded_reads_back_and_its_folders_are_there(lake):
    file = written(lake, "in/teas/green.txt")
    assert file.download_file().readall() == b"tea"
    assert names(lake) == ["in", "in/teas", "in/teas/green.txt"]


def test_a_new_file_is_empty(lake):
    lake.get_file_client("empty").create_file()
    assert lake.get_file_client("empty").get_file_properties().size == 0
    assert read(lake, "empty") == b""


def test_uploading_nothing_creates_nothing(lake):
    assert lake.get_file_client("nothing").upload_data(b"", overwrite=True) == {}
    assert not lake.get_file_client("nothing").exists()


def test_an_upload_that_may_not_overwrite_needs_the_file_to_be_missing_and_then_does_not_find_it(lake, refused):
    with refused(404, "PathNotFound", ResourceNotFoundError):
        lake.get_file_client("new").upload_data(b"tea")


def test_an_upload_that_may_not_overwrite_is_answered_not_modified_where_the_file_is(lake):
    written(lake, "old")
    with pytest.raises(ResourceModifiedError) as caught:
        lake.get_file_client("old").upload_data(b"coffee")
    assert caught.value.status_code == 304
    assert read(lake, "old") == b"tea"


def test_create_overwrites_unless_asked_not_to(lake, refused):
    file = written(lake, "file")
    with refused(409, "PathAlreadyExists", ResourceExistsError):
        file.create_file(match_condition=MatchConditions.IfMissing)
    assert read(lake, "file") == b"tea"
    file.create_file()
    assert read(lake, "file") == b""


def test_what_is_appended_is_seen_by_nobody_before_it_is_flushed(lake):
    file = written(lake, "file", b"old ")
    file.append_data(b"tea", 4, 3)
    assert read(lake, "file") == b"old "
    file.flush_data(7)
    assert read(lake, "file") == b"old tea"


def test_appends_may_come_in_any_order(lake):
    file = lake.get_file_client("file")
    file.create_file()
    for position in (8, 0, 4):
        file.append_data(b"%04d" % position, position, 4)
    file.flush_data(12)
    assert read(lake, "file") == b"000000040008"


def test_an_append_to_the_same_position_replaces_the_first(lake):
    file = lake.get_file_client("file")
    file.create_file()
    file.append_data(b"one", 0, 3)
    file.append_data(b"two", 0, 3)
    file.flush_data(3)
    assert read(lake, "file") == b"two"


@pytest.mark.parametrize("position", [2, 5, 9])
def test_a_flush_to_a_length_that_the_appends_do_not_make_is_refused(lake, refused, position):
    file = lake.get_file_client("file")
    file.create_file()
    file.append_data(b"tea", 0, 3)
    file.append_data(b"pot", 6, 3)
    with refused(400, "InvalidFlushPosition"):
        file.flush_data(position)
    assert read(lake, "file") == b""


def test_a_flush_forgets_what_it_left_out(lake, refused):
    file = lake.get_file_client("file")
    file.create_file()
    file.append_data(b"tea", 0, 3)
    file.append_data(b"pot", 3, 3)
    file.flush_data(3)
    with refused(400, "InvalidFlushPosition"):
        file.flush_data(6)


def test_a_flush_keeps_what_it_left_out_when_asked_to(lake):
    file = lake.get_file_client("file")
    file.create_file()
    file.append_data(b"tea", 0, 3)
    file.append_data(b"pot", 3, 3)
    file.flush_data(3, retain_uncommitted_data=True)
    file.flush_data(6)
    assert read(lake, "file") == b"teapot"


def test_an_append_can_flush_itself(lake):
    file = lake.get_file_client("file")
    file.create_file()
    file.append_data(b"tea", 0, 3, flush=True)
    assert read(lake, "file") == b"tea"


def test_an_append_whose_checksum_is_wrong_is_refused(lake, refused):
    file = lake.get_file_client("file")
    file.create_file()
    file.append_data(b"tea", 0, 3, validate_content=True)
    file.flush_data(3)
    assert read(lake, "file") == b"tea"
    headers = {"Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="}
    with refused(400, "Md5Mismatch"):
        file.append_data(b"pot", 3, 3, headers=headers)


@pytest.mark.parametrize("call", ["append", "flush"])
def test_a_file_that_is_not_there_takes_no_data(lake, refused, call):
    file = lake.get_file_client("none")
    with refused(404, "PathNotFound", ResourceNotFoundError):
        file.append_data(b"tea", 0, 3) if call == "append" else file.flush_data(0)


def test_a_flush_holds_the_conditions_it_is_given(lake, refused):
    file = written(lake, "file")
    old = file.get_file_properties().etag
    file.append_data(b"pot", 3, 3)
    file.flush_data(6, etag=old, match_condition=MatchConditions.IfNotModified)
    file.append_data(b"s", 6, 1)
    with refused(412, "ConditionNotMet", ResourceModifiedError):
        file.flush_data(7, etag=old, match_condition=MatchConditions.IfNotModified)
    assert read(lake, "file") == b"teapot"


def test_content_settings_and_metadata_come_back(lake):
    file = lake.get_file_client("file")
    settings = ContentSettings(content_type="text/tea", content_encoding="pot", cache_control="no-store")
    file.create_file(metadata={"leaf": "green"})
    file.upload_data(b"tea", overwrite=True, content_settings=settings, metadata={"leaf": "black"})
    found = file.get_file_properties()
    assert found.metadata == {"leaf": "black"}
    assert (found.content_settings.content_type, found.content_settings.content_encoding) == ("text/tea", "pot")
    file.set_metadata({"cup": "blue"})
    file.set_http_headers(ContentSettings(content_type="text/cup"))
    found = file.get_file_properties()
    assert found.metadata == {"cup": "blue"}
    assert found.content_settings.content_type == "text/cup"


def test_a_folder_is_told_from_a_file(lake):
    lake.get_directory_client("folder").create_directory()
    written(lake, "file")
    assert lake.get_directory_client("folder").get_directory_properties().metadata["hdi_isfolder"] == "true"
    assert [(path.name, path.is_directory) for path in lake.get_paths()] == [("file", False), ("folder", True)]


def test_a_folder_made_again_keeps_what_it_holds(lake, refused):
    written(lake, "folder/file")
    lake.get_directory_client("folder").create_directory()
    assert names(lake) == ["folder", "folder/file"]
    with refused(409, "PathAlreadyExists", ResourceExistsError):
        lake.get_directory_client("folder").create_directory(match_condition=MatchConditions.IfMissing)


def test_a_file_cannot_be_a_folder_above_another(lake):
    written(lake, "file")
    with pytest.raises(HttpResponseError) as caught:
        lake.get_file_client("file/below").create_file()
    assert caught.value.status_code == 409


def test_nothing_happens_in_a_container_that_is_not_there(account, refused):
    lake = account.get_file_system_client("no-such-container")
    with refused(404, "FilesystemNotFound", ResourceNotFoundError):
        lake.get_file_client("file").create_file()
    with refused(404, "FilesystemNotFound", ResourceNotFoundError):
        names(lake)
    with refused(404, "ContainerNotFound", ResourceNotFoundError):
        lake.get_file_system_properties()


# Rename


def test_a_rename_keeps_content_etag_and_time(lake):
    file = written(lake, "in/old")
    before = file.get_file_properties()
    lake.get_directory_client("out").create_directory()
    after = file.rename_file(f"{lake.file_system_name}/out/new").get_file_properties()
    assert (after.etag, after.last_modified) == (before.etag, before.last_modified)
    assert read(lake, "out/new") == b"tea"
    assert not lake.get_file_client("in/old").exists()


def test_a_rename_answers_without_etag(lake):
    kept = []
    written(lake, "old").rename_file(
        f"{lake.file_system_name}/new", raw_response_hook=lambda response: kept.append(response.http_response)
    )
    (response,) = kept
    assert response.status_code == 201
    assert {"etag", "last-modified"}.isdisjoint(name.lower() for name in response.headers)


def test_a_rename_without_the_container_in_its_name_goes_into_another_container(lake, refused):
    written(lake, "old")
    with refused(404, "FilesystemNotFound", ResourceNotFoundError):
        lake.get_file_client("old").rename_file("lz/new")
    assert read(lake, "old") == b"tea"


def test_a_rename_replaces_a_file_unless_asked_not_to(lake, refused):
    written(lake, "old", b"old")
    written(lake, "new", b"new")
    target = f"{lake.file_system_name}/new"
    with refused(409, "PathAlreadyExists", ResourceExistsError):
        lake.get_file_client("old").rename_file(target, match_condition=MatchConditions.IfMissing)
    assert (read(lake, "old"), read(lake, "new")) == (b"old", b"new")
    lake.get_file_client("old").rename_file(target)
    assert read(lake, "new") == b"old"
    assert names(lake) == ["new"]


def test_a_rename_holds_the_conditions_on_both_sides(lake, refused):
    written(lake, "old", b"old")
    stale = written(lake, "new", b"first").get_file_properties().etag
    written(lake, "new", b"second")
    target, source = f"{lake.file_system_name}/new", lake.get_file_client("old")
    with refused(412, "ConditionNotMet", ResourceModifiedError):
        source.rename_file(target, etag=stale, match_condition=MatchConditions.IfNotModified)
    with refused(412, "SourceConditionNotMet"):
        source.rename_file(target, source_etag=stale, source_match_condition=MatchConditions.IfNotModified)
    fresh = source.get_file_properties().etag
    source.rename_file(target, source_etag=fresh, source_match_condition=MatchConditions.IfNotModified)
    assert read(lake, "new") == b"old"


def test_a_folder_moves_with_all_it_holds(lake):
    written(lake, "old/a/b", b"deep")
    written(lake, "old/c")
    written(lake, "older")
    lake.get_directory_client("old").rename_directory(f"{lake.file_system_name}/new")
    assert names(lake) == ["new", "new/a", "new/a/b", "new/c", "older"]
    assert read(lake, "new/a/b") == b"deep"


def test_a_folder_replaces_an_empty_one_and_no_other(lake, refused):
    written(lake, "old/file")
    lake.get_directory_client("empty").create_directory()
    written(lake, "full/file", b"kept")
    with refused(409, "PathAlreadyExists", ResourceExistsError):
        lake.get_directory_client("old").rename_directory(f"{lake.file_system_name}/full")
    lake.get_directory_client("old").rename_directory(f"{lake.file_system_name}/empty")
    assert names(lake) == ["empty", "empty/file", "full", "full/file"]
    assert read(lake, "full/file") == b"kept"


def test_a_folder_cannot_move_into_itself(lake, refused):
    written(lake, "folder/file")
    with refused(409, "InvalidRenameSourcePath", ResourceExistsError):
        lake.get_directory_client("folder").rename_directory(f"{lake.file_system_name}/folder/inside")


def test_a_rename_needs_a_source_and_a_folder_to_move_to(lake, refused):
    with refused(404, "SourcePathNotFound", ResourceNotFoundError):
        lake.get_file_client("none").rename_file(f"{lake.file_system_name}/new")
    written(lake, "old")
    with refused(404, "RenameDestinationParentPathNotFound", ResourceNotFoundError):
        lake.get_file_client("old").rename_file(f"{lake.file_system_name}/no/such/new")
    assert read(lake, "old") == b"tea"


def test_a_file_does_not_replace_a_folder(lake, refused):
    written(lake, "file")
    lake.get_directory_client("folder").create_directory()
    with refused(409, "InvalidSourceOrDestinationResourceType", ResourceExistsError):
        lake.get_file_client("file").rename_file(f"{lake.file_system_name}/folder")


@pytest.mark.parametrize("name", ["a b.txt", "ärger&co.txt", "100%.txt", "a+b=c.txt", "#1.txt", "x'y.txt"])
def test_names_that_must_be_encoded_survive_writing_renaming_and_listing(lake, name):
    written(lake, f"in/{name}", b"tea")
    lake.get_directory_client("out").create_directory()
    lake.get_file_client(f"in/{name}").rename_file(f"{lake.file_system_name}/out/{name}")
    assert read(lake, f"out/{name}") == b"tea"
    assert names(lake, path="out") == [f"out/{name}"]


# Delete


def test_a_deleted_file_is_gone_and_cannot_be_deleted_again(lake, refused):
    file = written(lake, "file")
    file.delete_file()
    assert not file.exists()
    with refused(404, "PathNotFound", ResourceNotFoundError):
        file.delete_file()


def test_a_folder_is_deleted_with_all_it_holds_and_nothing_beside_it(lake):
    written(lake, "folder/a/b")
    written(lake, "folder.txt")
    lake.delete_directory("folder")
    assert names(lake) == ["folder.txt"]


def test_a_folder_that_holds_something_is_not_deleted_as_a_file(lake, refused):
    written(lake, "folder/file")
    with refused(409, "DirectoryNotEmpty"):
        lake.get_file_client("folder").delete_file()
    assert read(lake, "folder/file") == b"tea"


def test_a_delete_holds_the_conditions_it_is_given(lake, refused):
    file = written(lake, "file")
    stale = file.get_file_properties().etag
    written(lake, "file", b"newer")
    with refused(412, "ConditionNotMet", ResourceModifiedError):
        file.delete_file(etag=stale, match_condition=MatchConditions.IfNotModified)
    assert file.exists()


# Listing and looking


def test_a_listing_has_pages_in_order(lake):
    for number in range(7):
        written(lake, f"in/{number}")
    pages = lake.get_paths(path="in", max_results=3).by_page()
    assert [[path.name for path in page] for page in pages] == [
        ["in/0", "in/1", "in/2"],
        ["in/3", "in/4", "in/5"],
        ["in/6"],
    ]


def test_a_listing_tells_one_level_or_all(lake):
    written(lake, "in/a/b")
    written(lake, "in/c", b"four")
    assert names(lake, path="in", recursive=False) == ["in/a", "in/c"]
    assert names(lake, path="in") == ["in/a", "in/a/b", "in/c"]
    (_, file) = lake.get_paths(path="in", recursive=False)
    properties = lake.get_file_client("in/c").get_file_properties()
    assert (file.content_length, file.etag) == (4, properties.etag.strip('"'))
    assert file.last_modified == properties.last_modified.replace(tzinfo=None)


def test_a_listing_of_a_folder_that_is_not_there_is_refused(lake, refused):
    with refused(404, "PathNotFound", ResourceNotFoundError):
        names(lake, path="none")


def test_a_range_is_read_and_one_beyond_the_end_is_refused(lake, refused):
    file = written(lake, "file", b"0123456789")
    assert file.download_file(offset=3, length=4).readall() == b"3456"
    assert file.download_file(offset=8, length=100).readall() == b"89"
    with refused(416, "InvalidRange"):
        file.download_file(offset=10, length=1)


def test_a_download_checks_what_it_got(lake):
    file = written(lake, "file", b"0123456789")
    assert file.download_file(validate_content=True).readall() == b"0123456789"


def test_a_reader_is_told_when_the_file_changed_under_it(lake, refused):
    file = written(lake, "file")
    etag = file.get_file_properties().etag
    assert file.download_file(etag=etag, match_condition=MatchConditions.IfNotModified).readall() == b"tea"
    written(lake, "file", b"coffee")
    with refused(412, "ConditionNotMet", ResourceModifiedError):
        file.download_file(etag=etag, match_condition=MatchConditions.IfNotModified)


def test_a_missing_file_has_no_properties(lake, refused):
    assert not lake.get_file_client("none").exists()
    with refused(404, "BlobNotFound", ResourceNotFoundError):
        lake.get_file_client("none").download_file()


def test_owner_and_permissions_are_told_and_permissions_can_be_set(lake):
    folder = lake.get_directory_client("folder")
    folder.create_directory()
    folder.set_access_control(permissions="rwxrwxrwx")
    found = folder.get_access_control()
    assert found["permissions"].startswith("rwxrwxrwx")
    assert found["owner"]


def test_containers_are_made_listed_and_deleted(account, lake, refused):
    with refused(409, "ContainerAlreadyExists", ResourceExistsError):
        account.create_file_system(lake.file_system_name)
    assert lake.file_system_name in [found.name for found in account.list_file_systems()]
    lake.set_file_system_metadata({"tea": "green"})
    assert lake.get_file_system_properties().metadata == {"tea": "green"}


# Races


@pytest.fixture
def switching():
    """Let threads take turns as often as they can, so that what is not one step shows."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("switching")
@pytest.mark.parametrize("what", ["create", "rename"])
def test_of_two_dozen_that_want_a_name_one_gets_it(lake, what):
    for number in range(24):
        written(lake, f"in/{number}", b"%d" % number)

    def try_it(number):
        try:
            if what == "create":
                lake.get_file_client("prize").create_file(match_condition=MatchConditions.IfMissing)
            else:
                target = f"{lake.file_system_name}/prize"
                lake.get_file_client(f"in/{number}").rename_file(target, match_condition=MatchConditions.IfMissing)
        except ResourceExistsError:
            return None
        return number

    with ThreadPoolExecutor(24) as pool:
        winners = [number for number in pool.map(try_it, range(24)) if number is not None]
    assert len(winners) == 1
    if what == "rename":
        assert read(lake, "prize") == b"%d" % winners[0]
        assert len(names(lake, path="in")) == 23


# Less common requests


def test_conditions_may_be_times(lake, refused):
    file = written(lake, "file")
    then = file.get_file_properties().last_modified
    before, after = then - timedelta(hours=1), then + timedelta(hours=1)
    assert file.download_file(if_modified_since=before, if_unmodified_since=after).readall() == b"tea"
    with refused(412, "ConditionNotMet", ResourceModifiedError):
        file.delete_file(if_unmodified_since=before)
    with pytest.raises(HttpResponseError) as caught:
        file.download_file(if_modified_since=after)
    assert caught.value.status_code == 304
    assert file.exists()


def test_a_path_is_either_a_file_or_a_folder(lake):
    lake.create_directory("folder")
    written(lake, "file")
    for create in (lake.get_file_client("folder").create_file, lake.get_directory_client("file").create_directory):
        with pytest.raises(ResourceExistsError):
            create()


def test_nothing_moves_below_a_file(lake):
    written(lake, "file")
    written(lake, "old")
    with pytest.raises(HttpResponseError) as caught:
        lake.get_file_client("old").rename_file(f"{lake.file_system_name}/file/new")
    assert caught.value.status_code == 409
    assert names(lake) == ["file", "old"]


def test_a_folder_takes_no_data(lake):
    lake.create_directory("folder")
    with pytest.raises(HttpResponseError) as caught:
        lake.get_file_client("folder").append_data(b"tea", 0, 3)
    assert caught.value.status_code == 409


def test_a_rename_onto_itself_changes_nothing(lake):
    written(lake, "file").rename_file(f"{lake.file_system_name}/file")
    assert read(lake, "file") == b"tea"


def test_a_file_moves_to_another_container(account, lake):
    other = account.create_file_system(f"{lake.file_system_name}-2")
    written(lake, "in/old")
    lake.get_file_client("in/old").rename_file(f"{other.file_system_name}/new")
    assert (names(lake), read(other, "new")) == (["in"], b"tea")
    account.delete_file_system(other.file_system_name)


def test_a_status_tells_what_head_does(lake):
    file = written(lake, "file")
    kept = []
    file._client.path.get_properties(
        action="getStatus", cls=lambda response, *_: kept.append(response.http_response.headers)
    )
    assert kept[0]["x-ms-resource-type"] == "file"
