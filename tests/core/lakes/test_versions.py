"""A local lake tells a file or folder from one that had its name before, and when a file was changed."""

from __future__ import annotations

import os

import pytest

from hygge_core.lakes.local import LocalLake


@pytest.fixture
def lake(tmp_path):
    return LocalLake(tmp_path)


def test_a_file_keeps_its_version_while_it_is_the_same(lake):
    lake.put("a", b"1")
    before = lake.stat("a")
    lake.rename("a", "b")
    assert lake.stat("b").version == before.version
    assert lake.stat("b").modified == before.modified


def test_a_listing_tells_of_files_what_a_look_at_each_tells(lake):
    lake.put("a", b"1")
    lake.put("folder/b", b"2")
    (lake.root / "link").symlink_to("a")
    files = [entry for entry in lake.list("", recursive=True) if not entry.is_directory]
    assert [entry.path for entry in files] == ["a", "folder/b", "link"]
    assert files == [lake.stat(entry.path) for entry in files]


def test_a_listing_does_not_ask_for_the_versions_of_folders(lake):
    lake.put("folder/b", b"2")
    (entry,) = lake.list("")
    assert (entry.version, entry.modified) == ("", 0)
    assert lake.stat("folder").version


def test_a_file_that_was_replaced_by_one_of_the_same_size_is_another(lake):
    lake.put("a", b"1")
    before = lake.stat("a")
    lake.put("a", b"2")
    assert lake.stat("a").version != before.version


def test_a_file_tells_when_it_was_changed_in_nanoseconds(lake):
    lake.put("a", b"1")
    os.utime(lake.root / "a", ns=(1, 1_700_000_000_123_456_700))
    assert lake.stat("a").modified == 1_700_000_000_123_456_700


def test_a_folder_stays_itself_when_files_come_and_go(lake):
    lake.put("folder/a", b"1")
    before = lake.stat("folder")
    lake.put("folder/b", b"2")
    lake.delete("folder/a")
    assert lake.stat("folder") == before


def test_a_folder_that_was_made_again_is_another(lake):
    seen = set()
    for _ in range(5):
        lake.put("folder/a", b"1")
        seen.add(lake.stat("folder").version)
        lake.delete_directory("folder")
    assert len(seen) == 5


def test_a_folder_that_vanishes_while_it_is_looked_at_is_not_there(lake, monkeypatch):
    """Its second look, for the version, comes after another process has deleted it."""
    lake.make_directory("folder")
    looked = os.lstat

    def look_and_lose(path):
        found = looked(path)
        path.rmdir()
        return found

    with monkeypatch.context() as patched:
        patched.setattr(os, "lstat", look_and_lose)
        assert lake.stat("folder") is None
