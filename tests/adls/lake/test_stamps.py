"""A lake in Azure tells a file or folder from one that had its name before, as a replicator must."""

from __future__ import annotations

from hygge_core.lake import Stamps


def test_a_lake_in_azure_can_tell(lake):
    assert isinstance(lake, Stamps)
    assert lake.stamp("nowhere") is None


def test_a_file_that_is_written_again_is_another(lake):
    lake.put("a", b"1")
    before = lake.stamp("a")
    assert lake.stamp("a") == before
    lake.put("a", b"1")
    assert lake.stamp("a").identity != before.identity


def test_a_folder_is_another_after_it_was_deleted_and_made_again(tree):
    tree.put("folder/a", b"1")
    before = tree.stamp("folder")
    tree.put("folder/b", b"2")
    assert tree.stamp("folder").identity == before.identity, "a file came into it"
    tree.delete_directory("folder")
    assert tree.stamp("folder") is None
    tree.put("folder/a", b"1")
    assert tree.stamp("folder").identity != before.identity


def test_times_are_those_of_the_server_in_whole_seconds(lake, server):
    lake.put("a", b"1")
    server.clock.skew += 2
    lake.put("b", b"1")
    assert lake.stamp("b").modified - lake.stamp("a").modified >= 2 * 10**9
    assert lake.stamp("a").modified % 10**9 == 0
