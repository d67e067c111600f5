"""Lakes that write, move and delete files wrongly, each in one way; see `broken_lakes`."""

from __future__ import annotations

import io
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

from core.testing.broken_lakes import MOMENT, Contract, broken
from hygge_core.lakes.local import LocalLake


def put_in_place(lake, path, data, *, if_absent=False):
    if if_absent:
        LocalLake.put(lake, path, data, if_absent=True)
        return
    target = Path(lake.local_path(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        time.sleep(MOMENT)
        file.write(data)


class TestPutsInPlace(Contract):
    caught_by = frozenset(
        {
            "test_a_reader_never_sees_half_a_file",
            "test_a_killed_writer_leaves_the_old_content_or_the_new",
            "test_a_new_file_under_one_name_leaves_the_other",
        }
    )
    lake_type = broken(put=put_in_place)


def put_after_a_look(lake, path, data, *, if_absent=False):
    if if_absent and lake.stat(path):
        raise FileExistsError(path)
    time.sleep(MOMENT)
    LocalLake.put(lake, path, data)


class TestPutsAfterALook(Contract):
    caught_by = frozenset({"test_one_of_many_puts_a_free_name"})
    lake_type = broken(put=put_after_a_look)


def put_by_one_name(lake, path, data, *, if_absent=False):
    """Write beside, always under the same name."""
    LocalLake.put(lake, "beside", data)
    time.sleep(MOMENT)
    try:
        LocalLake.rename(lake, "beside", path, replace=not if_absent)
    except OSError:
        lake.delete("beside")
        raise


class TestThreadsShareAName(Contract):
    caught_by = frozenset({"test_many_threads_do_not_disturb_each_other", "test_one_of_many_puts_a_free_name"})
    lake_type = broken(put=put_by_one_name)


def put_and_leave(lake, path, data, *, if_absent=False):
    LocalLake.put(lake, path, data, if_absent=if_absent)
    LocalLake.put(lake, f"{path}.tmp", data)


class TestLeavesWhatItWroteBeside(Contract):
    caught_by = frozenset({"test_putting_a_file_makes_its_folders_and_nothing_else"})
    spreads = True
    lake_type = broken(put=put_and_leave)


def put_later(lake, path, data, *, if_absent=False):
    """Write when the lake is asked next."""
    lake.__dict__.setdefault("later", []).append((path, data, if_absent))


def flushing(name):
    def method(lake, *args, **settings):
        for path, data, if_absent in lake.__dict__.pop("later", []):
            LocalLake.put(lake, path, data, if_absent=if_absent)
        return getattr(LocalLake, name)(lake, *args, **settings)

    return method


class TestWritesLater(Contract):
    caught_by = frozenset({"test_a_killed_process_loses_nothing_that_it_did", "test_what_is_put_is_read"})
    spreads = True
    lake_type = broken(
        put=put_later, **{name: flushing(name) for name in ("read", "stat", "list", "rename", "delete", "create")}
    )


@contextmanager
def create_and_keep(lake, path):
    target = Path(lake.local_path(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        yield file


class TestKeepsAFailedFile(Contract):
    caught_by = frozenset({"test_a_failed_file_is_gone"})
    lake_type = broken(create=create_and_keep)


@contextmanager
def create_over(lake, path):
    buffer = io.BytesIO()
    yield buffer
    LocalLake.put(lake, path, buffer.getvalue())


class TestCreatesOverAFile(Contract):
    caught_by = frozenset({"test_a_taken_name_is_not_created_again", "test_one_of_many_creates_a_free_name"})
    lake_type = broken(create=create_over)


@contextmanager
def create_without_the_end(lake, path):
    buffer = io.BytesIO()
    with LocalLake.create(lake, path) as file:
        yield buffer
        file.write(buffer.getvalue()[: len(buffer.getvalue()) // 512 * 512])


class TestLosesTheEnd(Contract):
    caught_by = frozenset({"test_a_finished_file_is_whole"})
    spreads = True
    lake_type = broken(create=create_without_the_end)


def put_but_nothing(lake, path, data, *, if_absent=False):
    """Take an empty file for no change."""
    if data or if_absent or not lake.stat(path):
        LocalLake.put(lake, path, data, if_absent=if_absent)


class TestEmptiesNoFile(Contract):
    caught_by = frozenset({"test_any_sequence_of_operations_does_what_the_model_says"})
    sequences = 500
    lake_type = broken(put=put_but_nothing)


def put_over_the_beginning(lake, path, data, *, if_absent=False):
    found = lake.stat(path)
    old = b"" if found is None or found.is_directory else lake.read(path)
    LocalLake.put(lake, path, data + old[len(data) :], if_absent=if_absent)


class TestPutsOverTheBeginning(Contract):
    caught_by = frozenset(
        {
            "test_a_file_is_put_over_a_longer_and_a_shorter_one",
            "test_a_reader_never_sees_half_a_file",
            "test_a_killed_writer_leaves_the_old_content_or_the_new",
        }
    )
    lake_type = broken(put=put_over_the_beginning)


class TestPutsWhatIsTaken(Contract):
    caught_by = frozenset({"test_a_taken_name_is_not_put_again", "test_one_of_many_puts_a_free_name"})
    spreads = True  # what is deleted is put again too
    lake_type = broken(put=lambda lake, path, data, **_: LocalLake.put(lake, path, data))


def put_out_of_the_way(lake, path, data, *, if_absent=False):
    """Make way for a file, whatever stands there."""
    target = Path(lake.local_path(path))
    for parent in target.parents:
        if parent.is_file():
            parent.unlink()
    if target.is_dir():
        shutil.rmtree(target)
    LocalLake.put(lake, path, data, if_absent=if_absent)


class TestMakesWay(Contract):
    caught_by = frozenset({"test_a_file_is_no_folder", "test_a_folder_is_no_file"})
    lake_type = broken(put=put_out_of_the_way)


class Mute:
    """A file that takes bytes and says nothing."""

    closed = False

    def __init__(self, file):
        self.file = file

    def write(self, data):
        self.file.write(data)


@contextmanager
def create_mute(lake, path):
    with LocalLake.create(lake, path) as file:
        yield Mute(file)


class TestCountsNothing(Contract):
    caught_by = frozenset({"test_a_new_file_counts_what_was_written"})
    lake_type = broken(create=create_mute)


def put_once(lake, path, data, *, if_absent=False):
    """Remember every name for ever."""
    names = lake.__dict__.setdefault("names", set())
    if if_absent and path in names:
        raise FileExistsError(path)
    LocalLake.put(lake, path, data, if_absent=if_absent)
    names.add(path)


class TestFreesNoName(Contract):
    caught_by = frozenset({"test_a_deleted_name_is_free"})
    lake_type = broken(put=put_once)
