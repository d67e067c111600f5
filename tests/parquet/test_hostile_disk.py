"""Full disks, forbidden folders and strangers' files: refused with a clear error, the old table intact."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from hygge_core.errors import StoreError
from hygge_core.testing.process import in_process
from parquet.moving import LARGE, NOBODY, SMALL, move, move_as_nobody, move_under_limit, seal_then_lose_permission


LAYOUTS = pytest.mark.parametrize("layout", ["folder", "runs", "file"])
posix = pytest.mark.skipif(sys.platform == "win32", reason="limits and owners are POSIX")


def rows(place):
    """The visible rows, by pyarrow."""
    files = [file for file in Path(place).rglob("*.parquet") if "_hygge" not in file.relative_to(place).parts]
    return sum(pq.ParquetFile(file).metadata.num_rows for file in files)


def waiting(place):
    return [str(file) for file in Path(place, "_hygge").rglob("stages/**/*") if file.is_file()]


@posix
@LAYOUTS
def test_a_file_that_may_not_grow_is_an_error_that_names_it(layout, tmp_path):
    place = str(tmp_path)
    move(place, layout, 1, SMALL)
    ending = in_process(move_under_limit, place, layout, 2, LARGE, 1 << 20)
    assert ending.error, "a full disk went unnoticed"
    assert not ending.killed
    assert rows(place) == 10
    assert not waiting(place)
    move(place, layout, 3, LARGE)
    assert rows(place) == LARGE.height


@pytest.fixture
def tiny_disk(tmp_path):
    """A real file system of 4 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a tiny disk needs root on Linux")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], check=False)
    if mounted.returncode:
        pytest.skip("this system does not let a test mount a disk")
    yield str(place)
    subprocess.run(["umount", "-l", place], check=True)


@LAYOUTS
def test_a_full_disk_leaves_the_old_table(layout, tiny_disk):
    move(tiny_disk, layout, 1, SMALL)
    with pytest.raises((StoreError, OSError, pl.exceptions.PolarsError), match=r"(?i)no space"):
        move(tiny_disk, layout, 2, LARGE)
    assert rows(tiny_disk) == 10
    assert not waiting(tiny_disk)
    assert shutil.disk_usage(tiny_disk).free > 2 << 20, "the stage was not swept"
    move(tiny_disk, layout, 3, SMALL.head(5))
    assert rows(tiny_disk) == 5


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="becoming another user needs root")
@LAYOUTS
def test_a_folder_that_may_not_be_written_is_refused(layout, tmp_path):
    _open_the_way_to(tmp_path)
    place = str(tmp_path / "lake")
    move(place, layout, 1, SMALL)
    ending = in_process(move_as_nobody, place, layout, 2, SMALL.head(3))
    assert "ermission denied" in ending.error, ending
    assert rows(place) == 10


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="becoming another user needs root")
@LAYOUTS
def test_permission_that_is_lost_midway_is_mended_by_the_next_run(layout, tmp_path):
    _open_the_way_to(tmp_path)
    lake = tmp_path / "lake"
    lake.mkdir()
    os.chown(lake, NOBODY, NOBODY)
    ending = in_process(move_as_nobody, str(lake), layout, 1, SMALL)
    assert not ending.error, ending.error
    ending = in_process(seal_then_lose_permission, str(lake), layout, 2, SMALL.head(3))
    assert ending.kind == "StoreError", ending
    assert ending.refused
    assert rows(lake) == 10
    lake.chmod(0o755)
    ending = in_process(move_as_nobody, str(lake), layout, 3, SMALL.head(7))
    assert not ending.error, ending.error
    assert rows(lake) == 7
    assert not waiting(lake)


@pytest.mark.parametrize("layout", ["folder", "runs"])
def test_strangers_files_are_refused_and_never_deleted(layout, tmp_path):
    place = str(tmp_path)
    stranger = tmp_path / "sales" / "budget.xlsx"
    stranger.parent.mkdir()
    stranger.write_bytes(b"years of work")
    with pytest.raises(StoreError, match=r"budget\.xlsx"):
        move(place, layout, 1, SMALL)
    assert stranger.read_bytes() == b"years of work"
    stranger.unlink()
    move(place, layout, 2, SMALL)
    later = tmp_path / "sales" / "copy.parquet"
    LARGE.head(3).write_parquet(later)
    with pytest.raises(StoreError, match=r"copy\.parquet"):
        move(place, layout, 3, SMALL)
    assert later.exists()
    assert rows(place) == 13


def test_a_strangers_file_in_the_place_of_a_table_is_refused(tmp_path):
    stranger = tmp_path / "sales.parquet"
    LARGE.head(3).write_parquet(stranger)
    before = stranger.read_bytes()
    with pytest.raises(StoreError):
        move(str(tmp_path), "file", 1, SMALL)
    assert stranger.read_bytes() == before


@pytest.mark.parametrize(("layout", "name"), [("folder", "sales"), ("file", "sales.parquet")])
def test_a_place_of_the_wrong_kind_is_refused(layout, name, tmp_path):
    place = tmp_path / name
    if layout == "folder":
        place.write_text("not a folder", encoding="utf-8")
    else:
        place.mkdir()
    with pytest.raises(StoreError):
        move(str(tmp_path), layout, 1, SMALL)
    assert place.exists()


def _open_the_way_to(path: Path) -> None:
    """Let other users pass through the folders that pytest keeps for its own."""
    for folder in (path, *path.parents):
        if folder.stat().st_mode & 0o055 != 0o055:
            folder.chmod(0o755)
