"""A local lake tells a file or folder from one that had its name before."""

from __future__ import annotations

import pytest

from hygge_core.lake import Stamps
from hygge_core.lakes.local import LocalLake


@pytest.fixture
def lake(tmp_path):
    return LocalLake(tmp_path)


def test_a_local_lake_can_tell(lake):
    assert isinstance(lake, Stamps)


def test_nothing_has_no_stamp(lake):
    lake.put("file", b"x")
    assert lake.stamp("nowhere") is None
    assert lake.stamp("file/below") is None


def test_a_file_keeps_its_identity_while_it_is_the_same(lake):
    lake.put("a", b"1")
    before = lake.stamp("a")
    lake.rename("a", "b")
    assert lake.stamp("b") == before


def test_a_file_that_was_replaced_by_one_of_the_same_size_is_another(lake):
    lake.put("a", b"1")
    before = lake.stamp("a")
    lake.put("a", b"2")
    assert lake.stamp("a").identity != before.identity


def test_a_folder_stays_itself_when_files_come_and_go(lake):
    lake.put("folder/a", b"1")
    before = lake.stamp("folder").identity
    lake.put("folder/b", b"2")
    lake.delete("folder/a")
    assert lake.stamp("folder").identity == before


def test_a_folder_that_was_made_again_is_another(lake):
    seen = set()
    for _ in range(5):
        lake.put("folder/a", b"1")
        seen.add(lake.stamp("folder").identity)
        lake.delete_directory("folder")
    assert len(seen) == 5
