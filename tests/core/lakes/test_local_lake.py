"""The local disk keeps the promises of a lake."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hygge_core import Locked
from hygge_core.lake import UNFINISHED, Entry
from hygge_core.lakes import rename
from hygge_core.lakes.local import LocalLake


@pytest.fixture
def lake(tmp_path):
    return LocalLake(tmp_path / "lake")


def paths(lake, folder="", *, recursive=True):
    return [entry.path for entry in lake.list(folder, recursive=recursive)]


def test_a_file_is_put_whole_with_its_folders(lake):
    lake.put("a/b/c.json", b"one")
    lake.put("a/b/c.json", b"two")
    assert lake.read("a/b/c.json") == b"two"
    assert paths(lake) == ["a", "a/b", "a/b/c.json"]
    assert paths(lake, recursive=False) == ["a"]


def test_only_one_of_many_writers_puts_a_name_that_must_be_new(lake):
    won, barrier = [], threading.Barrier(8)

    def put(number):
        barrier.wait()
        try:
            lake.put("claim", str(number).encode(), if_absent=True)
        except FileExistsError:
            return
        won.append(number)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert lake.read("claim") == str(won[0]).encode()
    assert paths(lake) == ["claim"]


def test_what_may_be_durable_later_is_whole_at_once(lake):
    lake.put_soon("deep/file", b"tea")
    with pytest.raises(FileExistsError):
        lake.put_soon("deep/file", b"coffee")
    assert [(entry.path, entry.size) for entry in lake.list("deep")] == [("deep/file", 3)]
    assert lake.read("deep/file") == b"tea"
    for _ in range(2):
        lake.delete_soon("deep/file")
        assert lake.stat("deep/file") is None


def test_a_file_that_is_not_finished_is_gone(lake):
    with pytest.raises(RuntimeError), lake.create("part") as file:  # noqa: PT012 - the fault comes midway
        file.write(b"half")
        raise RuntimeError
    assert lake.stat("part") is None


def test_a_new_file_takes_no_name_that_is_taken(lake):
    lake.put("part", b"old")
    with pytest.raises(FileExistsError), lake.create("part"):
        pass
    assert lake.read("part") == b"old"


def test_what_is_created_can_be_read_and_described(lake):
    with lake.create("x/part") as file:
        file.write(b"12345")
    with lake.open("x/part") as file:
        assert file.read() == b"12345"
    part = lake.stat("x/part")
    assert part == Entry(path="x/part", size=5, is_directory=False, version=part.version, modified=part.modified)
    assert list(lake.list("")) == [Entry(path="x", size=0, is_directory=True)]
    assert lake.stat("x/part/below") is None
    assert lake.stat("nothing") is None
    assert Path(lake.url("x/part")) == Path(lake.local_path("x/part")) == lake.root / "x" / "part"


def test_a_link_is_described_as_one(lake):
    lake.put("real/file", b"")
    (lake.root / "link").symlink_to(lake.root / "real")
    assert next(iter(lake.list(""))) == Entry(path="link", size=0, is_directory=True, is_link=True)
    assert lake.stat("link").is_link


def test_a_rename_does_not_overwrite_unless_told_to(lake):
    lake.put("one", b"1")
    lake.put("two", b"2")
    with pytest.raises(FileExistsError):
        lake.rename("one", "two")
    lake.rename("one", "two", replace=True)
    lake.rename("two", "deep/three")
    assert paths(lake) == ["deep", "deep/three"]
    assert lake.read("deep/three") == b"1"


def test_a_folder_moves_to_a_free_name_only(lake):
    lake.put("one/file", b"1")
    lake.put("two/file", b"2")
    with pytest.raises(FileExistsError):
        lake.rename_directory("one", "two")
    lake.rename_directory("one", "below/three")
    assert lake.read("below/three/file") == b"1"


def test_folders_trade_places(lake):
    if not lake.abilities.atomic_directory_exchange:
        pytest.skip("this system cannot exchange folders")
    lake.put("one/a", b"")
    lake.put("two/b", b"")
    lake.exchange_directories("one", "two")
    assert paths(lake) == ["one", "one/b", "two", "two/a"]


def test_finding_out_what_the_disk_can_do_leaves_nothing(lake):
    assert lake.abilities is lake.abilities
    assert paths(lake) == []


def test_deleting_what_is_not_there_is_fine(lake):
    lake.delete("nothing")
    lake.delete_directory("nothing")
    lake.put("folder/file", b"")
    lake.delete("folder/file")
    lake.put("folder/other/file", b"")
    lake.delete_directory("folder")
    assert paths(lake) == []
    assert list(lake.list("nothing")) == []


@pytest.mark.parametrize("path", ["../out", "/etc/passwd", "a/../../out"])
def test_no_path_leads_out_of_the_lake(lake, path):
    with pytest.raises(ValueError, match="leads out of the lake"):
        lake.put(path, b"")


def test_an_unfinished_file_is_known_by_its_name(lake, monkeypatch):
    def fail(*_):
        raise OSError(errno.EIO, "disk on fire")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk on fire"):
        lake.put("record", b"")
    assert paths(lake) == []
    assert UNFINISHED


def test_a_lease_keeps_others_out_and_names_the_holder(lake):
    with lake.lease("state/lease", "run 1"):
        with pytest.raises(Locked, match="is being written by run 1") as caught, lake.lease("state/lease", "run 2"):
            pass
        assert caught.value.holder == "run 1"
    with lake.lease("state/lease", "a much shorter"), pytest.raises(Locked) as caught, lake.lease("state/lease", "x"):
        pass
    assert caught.value.holder == "a much shorter"


def test_a_lease_whose_file_was_deleted_does_not_let_two_holders_in(lake):
    with lake.lease("lease", "first"):
        (lake.root / "lease").unlink()
        with lake.lease("lease", "second"), pytest.raises(Locked, match="second"), lake.lease("lease", "third"):
            pass


HOLD = """
import sys, time
from pathlib import Path
from hygge_core.lakes.local import LocalLake
with LocalLake(Path(sys.argv[1])).lease("lease", "the killed one"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lease_is_free_when_its_holder_is_killed(lake):
    lake.make_directory("")
    with subprocess.Popen([sys.executable, "-c", HOLD, str(lake.root)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Locked, match="the killed one"), lake.lease("lease", "me"):
            pass
        holder.kill()
        holder.wait()
    with lake.lease("lease", "me"):
        pass


@pytest.mark.skipif(os.name == "nt", reason="Windows renames to a new name in one step by itself")
def test_without_the_system_call_a_link_refuses_a_taken_name(tmp_path, monkeypatch):
    monkeypatch.setattr(rename, "_function", lambda: None)
    lake = LocalLake(tmp_path)
    assert not lake.abilities.atomic_directory_exchange
    lake.put("one", b"1", if_absent=True)
    with pytest.raises(FileExistsError):
        lake.put("one", b"2", if_absent=True)
    lake.rename("one", "two")
    lake.put("folder/file", b"")
    lake.rename_directory("folder", "moved")
    lake.make_directory("taken")
    with pytest.raises(FileExistsError):
        lake.rename_directory("moved", "taken")
    with pytest.raises(OSError, match=os.strerror(errno.ENOSYS)):
        lake.exchange_directories("moved", "taken")
    assert paths(lake) == ["moved", "moved/file", "taken", "two"]


def test_an_error_that_is_no_lack_of_ability_passes_through(tmp_path):
    with pytest.raises(FileNotFoundError):
        rename.rename_new(tmp_path / "nothing", tmp_path / "there")
    with pytest.raises(FileNotFoundError):
        rename.exchange(tmp_path / "nothing", tmp_path / "there")


def test_a_file_gets_a_second_name_that_outlives_the_first(lake):
    lake.put("table/a", b"rows")
    lake.put("table/b", b"more")
    lake.link({"table/a": "stage/data/one", "table/b": "stage/data/two"})
    assert (lake.root / "stage/data/one").stat().st_ino == (lake.root / "table/a").stat().st_ino
    lake.delete_directory("table")
    assert (lake.read("stage/data/one"), lake.read("stage/data/two")) == (b"rows", b"more")


def test_a_second_name_takes_no_name_that_is_taken(lake):
    lake.put("table/a", b"rows")
    lake.put("stage/one", b"other")
    with pytest.raises(FileExistsError):
        lake.link({"table/a": "stage/one"})
    assert lake.read("stage/one") == b"other"


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.EINVAL])
def test_a_disk_without_hard_links_is_found_out(lake, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    assert lake.abilities.hard_links
    monkeypatch.setattr(os, "link", refuse)
    assert not LocalLake(lake.root).abilities.hard_links
    assert not list(lake.root.iterdir())


def test_a_disk_that_is_full_is_not_taken_for_one_without_hard_links(lake, monkeypatch):
    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", fail)
    with pytest.raises(OSError, match="No space left"):
        _ = lake.abilities
    assert not list(lake.root.iterdir())
