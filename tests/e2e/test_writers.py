"""Several ``hygge go`` for one table: one writes at a time, the others end with code 6 and name it."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
import pytest

from hygge_core.lakes.local import LocalLake


PROJECT = """
name = "crowd"
[flows.crowd]
home = { type = "parquet", path = "in/{entity}.parquet" }
store = { type = "parquet", path = "out/{entity}" }
entities = ["teas"]
"""


@pytest.fixture
def crowd(tmp_path):
    (tmp_path / "hygge.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "in").mkdir()
    pl.DataFrame({"id": range(1000)}).write_parquet(tmp_path / "in" / "teas.parquet")

    def start():
        command = [sys.executable, "-m", "hygge_core", "go"]
        return subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    return start


def test_a_table_that_is_held_ends_with_code_six_and_the_holder(tmp_path, crowd):
    with LocalLake(tmp_path / "out").lease("_hygge/teas/lease", "the one at the desk by the window"), crowd() as turned:
        said, _ = turned.communicate(timeout=60)
    assert turned.returncode == 6, said
    assert "is being written by the one at the desk by the window" in said
    assert not (tmp_path / "out" / "teas").exists()
    with crowd() as again:
        again.communicate(timeout=60)
    assert again.returncode == 0


def test_twelve_at_once_all_end_well_or_with_code_six(tmp_path, crowd):
    running = [crowd() for _ in range(12)]
    said = [process.communicate(timeout=120)[0] for process in running]
    codes = [process.returncode for process in running]
    assert set(codes) <= {0, 6}, said
    assert 0 in codes
    assert all("is being written by run 20" in words for words, code in zip(said, codes, strict=True) if code == 6)
    (file,) = (tmp_path / "out" / "teas").iterdir()
    assert pl.read_parquet(file).height == 1000
    commits = list((tmp_path / "out" / "_hygge" / "teas" / "commits").iterdir())
    assert len(commits) == codes.count(0)
