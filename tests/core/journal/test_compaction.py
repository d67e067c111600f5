"""Merging the files of a journal loses nothing, whenever it stops and whoever writes meanwhile."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.journal.entries import a_journal, a_record, files_of
from core.journal.merging import append_for, compact_and_die, compact_for, read_for, stopped_lake
from hygge_core.errors import Locked, StoreError
from hygge_core.journal import Journal
from hygge_core.journal.journal import MANY
from hygge_core.lake import UNFINISHED
from hygge_core.lakes.local import LocalLake
from hygge_core.testing.process import Child, in_process
from hygge_core.testing.proxy import proxied


def filled(root):
    """A journal of one segment and three records, and the ids in it."""
    journal = a_journal(root)
    for number in range(5):
        journal.append(a_record(number))
        if number == 1:
            journal.compact()
    return [record.id for record in journal.records()]


def ids_of(root, tell=pytest.fail):
    return [record.id for record in Journal(LocalLake(root), tell=tell).records()]


def test_many_files_become_one(tmp_path):
    ids = filled(tmp_path)
    done = a_journal(tmp_path).compact()
    assert (done.records, done.files) == (5, 4)
    assert files_of(tmp_path, "records") == []
    (segment,) = files_of(tmp_path, "segments")
    assert str(tmp_path / "segments" / segment) == done.segment
    lines = (tmp_path / "segments" / segment).read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ids == ids_of(tmp_path)


def test_one_file_has_nothing_to_be_merged_with(tmp_path):
    journal = a_journal(tmp_path)
    assert journal.compact().files == 0
    journal.append(a_record(1))
    assert journal.compact().files == 0
    assert len(files_of(tmp_path, "records")) == 1
    journal.append(a_record(2))
    assert journal.compact().files == 2
    assert journal.compact().files == 0
    assert len(files_of(tmp_path, "segments")) == 1


def test_a_large_segment_is_left_alone(tmp_path):
    journal = a_journal(tmp_path)
    for number in range(2):
        journal.append(a_record(number, message="x" * (2 << 20)))
    first = journal.compact().segment
    for number in range(2, 4):
        journal.append(a_record(number))
    assert journal.compact().files == 2
    assert first in {str(tmp_path / "segments" / name) for name in files_of(tmp_path, "segments")}
    assert [record.rows for record in journal.records()] == [0, 1, 2, 3]


def test_lines_of_a_newer_version_are_kept_to_the_letter(tmp_path):
    filled(tmp_path)
    (file, *_) = sorted((tmp_path / "records").iterdir())
    line = json.dumps({**json.loads(file.read_bytes()), "mood": "warm"}).encode()
    file.write_bytes(line + b"\n")
    a_journal(tmp_path).compact()
    (segment,) = (tmp_path / "segments").iterdir()
    assert line in segment.read_bytes().splitlines()


def test_a_file_that_is_not_all_records_is_named_and_stays(tmp_path):
    ids = filled(tmp_path)
    (tmp_path / "records" / "torn.ndjson").write_bytes(b'{"id":')
    told = []
    assert Journal(LocalLake(tmp_path), tell=told.append).compact().files == 4
    assert files_of(tmp_path, "records") == ["torn.ndjson"]
    assert "torn.ndjson: stays as it is" in told[0]
    assert ids_of(tmp_path, told.append) == ids


def test_what_killed_writers_left_is_swept_when_it_is_old(tmp_path):
    filled(tmp_path)
    now = datetime.now(UTC)
    new, old = (f"{now - timedelta(hours=age):%Y%m%dT%H%M%S%fZ}-1.ndjson" for age in (1, 30))
    for name in (f"{new}.ab{UNFINISHED}", f"{old}.ab{UNFINISHED}", f"letter{UNFINISHED}"):
        (tmp_path / "records" / name).write_bytes(b"{")
    for name in (new, old):
        (tmp_path / "records" / name).touch()
    a_journal(tmp_path).compact()
    assert files_of(tmp_path, "records") == sorted([new, f"{new}.ab{UNFINISHED}", f"letter{UNFINISHED}"])


def test_one_merges_at_a_time_and_appending_goes_on(tmp_path):
    filled(tmp_path)
    journal, other = a_journal(tmp_path), a_journal(tmp_path)
    with journal.held():
        with pytest.raises(Locked, match="process"):
            other.compact()
        other.append(a_record(9))
        assert len(ids_of(tmp_path)) == 6
    assert other.compact().files == 5


def test_a_journal_is_tidied_only_when_there_is_much_to_tidy(tmp_path):
    journal = a_journal(tmp_path)
    (tmp_path / "records").mkdir()
    line = journal.append(a_record(0))
    data = (tmp_path / "records" / f"{line.id}.ndjson").read_bytes()
    for number in range(1, MANY - 1):
        name = f"{line.id}{number:04}"
        (tmp_path / "records" / f"{name}.ndjson").write_bytes(data.replace(line.id.encode(), name.encode()))
    assert journal.tidy().files == 0
    journal.append(a_record(1))
    with journal.held():
        assert a_journal(tmp_path).tidy().files == 0
    assert journal.tidy().records == MANY
    assert len(ids_of(tmp_path)) == MANY


def test_a_segment_that_reads_back_wrong_deletes_nothing(tmp_path):
    class Forgetful(LocalLake):
        def put(self, path, data, *, if_absent=False):
            super().put(path, data[:-1], if_absent=if_absent)

    ids = filled(tmp_path)
    with pytest.raises(StoreError, match="reads back other than it was written"):
        Journal(Forgetful(tmp_path)).compact()
    assert len(files_of(tmp_path, "records")) == 3
    assert set(ids) == set(ids_of(tmp_path))


def test_a_file_that_cannot_be_deleted_is_told_and_its_record_is_there_once(tmp_path):
    class Stubborn(LocalLake):
        def delete_soon(self, path):
            raise PermissionError(13, "Permission denied", path)

    ids, told = filled(tmp_path), []
    assert Journal(Stubborn(tmp_path), tell=told.append).compact().files == 4
    assert len(told) == 4
    assert "cannot be deleted" in told[0]
    assert ids_of(tmp_path) == ids


@given(st.lists(st.sampled_from(["append", "compact", "again"]), max_size=12))
def test_any_order_of_appending_and_merging_keeps_every_record(tmp_path_factory, steps):
    root = tmp_path_factory.mktemp("journal")
    journal, expected = a_journal(root), []
    for step in steps:
        match step:
            case "append":
                expected.append(journal.append(a_record(len(expected))))
            case "compact":
                journal.compact()
            case "again":
                journal = a_journal(root)
        assert list(journal.records()) == expected


def test_a_merge_that_fails_at_any_operation_loses_nothing(tmp_path):
    ids = filled(tmp_path / "0")
    points = _operations(tmp_path)
    for index in range(points):
        for when in ("failed", "answer lost"):
            root = tmp_path / f"{index}-{when}"
            shutil.copytree(tmp_path / "0", root)
            with contextlib.suppress(OSError):
                Journal(stopped_lake(root, index, when)[0], tell=lambda _: None).compact()
            _demand_all(root, ids)


def test_a_merge_that_is_killed_at_any_operation_loses_nothing(tmp_path):
    ids = filled(tmp_path / "0")
    points = _operations(tmp_path)
    for index in range(points):
        for when in ("killed before", "killed after"):
            root = tmp_path / f"{index}-{when}"
            shutil.copytree(tmp_path / "0", root)
            assert in_process(compact_and_die, str(root), index, when).killed
            _demand_all(root, ids)
    sys.stdout.write(f"\nkilled {2 * points} times, at {points} operations\n")


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_merge_at_any_operation_of_a_reader_hides_nothing_from_it(tmp_path, before):
    ids, index = filled(tmp_path / "0"), 0
    while True:
        root, came = tmp_path / f"{index}-{before}", []
        shutil.copytree(tmp_path / "0", root)
        found = [record.id for record in Journal(_meddled(root, index, before, came), tell=pytest.fail).records()]
        assert set(ids) <= set(found), f"a merge at operation {index} hid {set(ids) - set(found)}"
        if index >= len(came):
            break
        index += 1
    assert index > 5


def _meddled(root, index, before, came):
    """A lake in which somebody appends and merges at one operation, a listing's every name being one."""

    def meddle():
        a_journal(root).append(a_record(99))
        a_journal(root).compact()

    def around(operation, do):
        came.append(operation)
        strikes = len(came) - 1 == index
        if strikes and before:
            meddle()
        try:
            return do()
        finally:
            if strikes and not before:
                meddle()

    return proxied(LocalLake(root), around)


def _operations(tmp_path):
    """Count the operations of one merge of what is in the folder 0."""
    shutil.copytree(tmp_path / "0", tmp_path / "counted")
    lake, came = stopped_lake(tmp_path / "counted", -1, "")
    Journal(lake).compact()
    assert {"put", "read", "delete_soon", "list", "lease:begin"} <= {operation.split()[0] for operation in came}
    return len(came)


def _demand_all(root, ids):
    """Every record is there once, and the next merge finds its way."""
    assert ids_of(root) == ids
    a_journal(root).append(a_record(99))
    a_journal(root).compact()
    assert ids_of(root)[:-1] == ids
    assert len(ids_of(root)) == len(ids) + 1
    assert files_of(root, "records") == []
    assert len(files_of(root, "segments")) == 1


@pytest.mark.parametrize("seconds", [1, pytest.param(60, marks=pytest.mark.slow)])
def test_sixteen_processes_append_while_others_merge_and_read(tmp_path, seconds):
    root, patience = str(tmp_path), 60 + 5 * seconds
    writers = [Child(append_for, root, f"writer-{number}", seconds) for number in range(16)]
    merging = [Child(compact_for, root, seconds)]
    readers = [Child(read_for, root, seconds) for _ in range(2)]
    (tmp_path / "begin").touch()
    written, merged, read = ([child.ending(patience) for child in group] for group in (writers, merging, readers))
    assert not [ending.error for ending in (*written, *merged, *read) if ending.error]
    assert [ending.value[1] for ending in read] == ["", ""]
    assert sum(ending.value for ending in merged) > 0
    found = list(a_journal(tmp_path).records())
    assert {record.id for record in found} == {name for ending in written for name in ending.value}
    assert len(found) == sum(len(ending.value) for ending in written)
    for number, ending in enumerate(written):
        mine = [record for record in found if record.run == f"writer-{number}"]
        assert [record.id for record in mine] == ending.value
        assert [record.rows for record in mine] == list(range(len(mine)))
    figures = len(found), sum(ending.value for ending in merged), sum(ending.value[0] for ending in read)
    sys.stdout.write("\n{:,} records, {:,} files merged, {:,} readings\n".format(*figures))
