"""Readers of other makes scan a table in a loop while it is replaced again and again.

In a folder they never see a mix, a torn file or an empty table.  A reader that had listed
the folder may miss a file of the old table; how often is printed (``-s``).  A table of one
file is never missed, and whole for who opens it once; readers that open its path twice,
for the footer and for the rows, can be caught between two files, and that is printed too.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from hygge_core.testing.process import Child, in_process
from parquet.replacing import BY_PATH, OPENING_ONCE, PARTS, ROWS, replace, scan, upsert


def read_while(place, layout, times, change, beside):
    names = [*BY_PATH, *OPENING_ONCE] if layout == "file" else list(BY_PATH)
    assert in_process(replace, place, layout, 1).value == ROWS
    children = {name: Child(scan, place, layout, name, beside) for name in names}
    try:
        ending = in_process(change, place, layout, times, timeout=3600)
    finally:
        Path(place, "done").touch()
    assert ending.value == times * ROWS, ending
    return {name: child.ending() for name, child in children.items()}


def check(place, layout, times, change=replace, beside=1):
    for reader, ending in read_while(place, layout, times, change, beside).items():
        assert not ending.error, ending.error
        seen = ending.value
        print(f"\n{layout}, {times} times {change.__name__}, {reader}: {dict(seen)}", file=sys.stderr)  # noqa: T201
        assert seen["whole"] > 0, f"{reader} never read the table: {seen}"
        if layout == "file":
            assert not seen["vanished"], f"{reader} missed the one file {seen['vanished']} times"
        if layout == "folder" or reader in OPENING_ONCE:
            bad = {what: count for what, count in seen.items() if what not in {"whole", "vanished"}}
            assert not bad, f"{reader}: {bad}"


@pytest.mark.parametrize("layout", ["folder", "file"])
def test_a_reader_sees_the_old_table_or_the_new(layout, tmp_path):
    check(str(tmp_path), layout, 60)


def test_a_reader_sees_the_table_before_an_upsert_or_after_it(tmp_path):
    check(str(tmp_path), "folder", 60, upsert, PARTS)


@pytest.mark.slow
def test_a_thousand_replacements_of_rows_by_key_under_the_eyes_of_readers(tmp_path):
    check(str(tmp_path), "folder", 1000, upsert, PARTS)


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["folder", "file"])
def test_a_thousand_replacements_under_the_eyes_of_readers(layout, tmp_path):
    check(str(tmp_path), layout, 1000)
