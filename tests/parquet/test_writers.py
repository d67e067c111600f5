"""Twelve processes want to write one table: one at a time does, the others are told by whom it is held."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hygge_core.testing.process import Child, in_process
from parquet.contending import hold, hold_and_die, write_at
from parquet.replacing import ROWS


def generation(place, layout):
    target = Path(place, "sales.parquet" if layout == "file" else "sales")
    files = [target] if layout == "file" else sorted(target.rglob("*.parquet"))
    numbers = [number for file in files for number in pq.ParquetFile(file).read()["generation"].to_pylist()]
    assert len(numbers) == ROWS
    (one,) = set(numbers)
    return one


@pytest.mark.parametrize("layout", ["folder", "runs", "file"])
def test_of_twelve_processes_one_at_a_time_writes(layout, tmp_path):
    place, start = str(tmp_path / "lake"), str(tmp_path / "start")
    children = [Child(write_at, place, layout, number, start) for number in range(12)]
    Path(start).touch()
    endings = [child.ending() for child in children]
    done = [number for number, ending in enumerate(endings) if not ending.error]
    assert done, endings
    for ending in endings:
        assert not ending.killed
        assert ending.kind in {"", "Locked"}, ending.error
        if ending.error:
            assert "is being written by" in ending.error, ending.error
    assert generation(place, layout) in done


@pytest.mark.parametrize("layout", ["folder", "runs", "file"])
def test_while_one_holds_the_table_eleven_are_told_so(layout, tmp_path):
    place, held, go = str(tmp_path / "lake"), tmp_path / "held", tmp_path / "go"
    go.touch()
    free = tmp_path / "free"
    holder = Child(hold, place, layout, str(held), str(free))
    while not held.exists():
        assert not holder.line.poll(0.01), holder.ending()
    endings = [child.ending() for child in [Child(write_at, place, layout, n, str(go)) for n in range(11)]]
    free.touch()
    assert not holder.ending().error
    for ending in endings:
        assert ending.kind == "Locked", ending
        assert "run-99" in ending.error, ending.error
    assert not in_process(write_at, place, layout, 5, str(go)).error
    assert generation(place, layout) == 5


def test_a_killed_holder_does_not_keep_the_table(tmp_path):
    place, held, go = str(tmp_path / "lake"), tmp_path / "held", tmp_path / "go"
    go.touch()
    assert in_process(hold_and_die, place, "folder", str(held)).killed
    assert held.exists()
    ending = in_process(write_at, place, "folder", 7, str(go))
    assert not ending.error, ending.error
    assert generation(place, "folder") == 7
