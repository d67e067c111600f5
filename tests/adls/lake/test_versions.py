"""A lake in Azure tells a file or folder from one that had its name before, and when a file was changed."""

from __future__ import annotations

from adls.lake.conftest import asked


def test_a_file_that_is_written_again_is_another(lake):
    lake.put("a", b"1")
    before = lake.stat("a")
    assert lake.stat("a") == before
    lake.put("a", b"1")
    assert lake.stat("a").version != before.version


def test_a_listing_tells_of_files_what_a_look_at_each_tells_in_one_request(lake, server):
    lake.put("folder/a", b"1")
    lake.put("folder/b", b"22")
    looked = [lake.stat("folder/a"), lake.stat("folder/b")]
    with asked(server, lake) as requests:
        assert list(lake.list("folder")) == looked
    assert len(requests) == 1


def test_a_folder_is_another_after_it_was_deleted_and_made_again(tree):
    tree.put("folder/a", b"1")
    before = tree.stat("folder")
    tree.put("folder/b", b"2")
    assert tree.stat("folder") == before, "a file came into it"
    tree.delete_directory("folder")
    assert tree.stat("folder") is None
    tree.put("folder/a", b"1")
    assert tree.stat("folder").version != before.version


def test_a_listing_has_no_versions_of_folders_which_are_nobodys_promise_there(lake):
    lake.make_directory("folder")
    (entry,) = lake.list("")
    assert (entry.is_directory, entry.version, entry.modified) == (True, "", 0)
    assert lake.stat("folder").version


def test_times_are_those_of_the_server_in_whole_seconds(lake, server):
    lake.put("a", b"1")
    server.clock.skew += 2
    lake.put("b", b"1")
    assert lake.stat("b").modified - lake.stat("a").modified >= 2 * 10**9
    assert lake.stat("a").modified % 10**9 == 0
