"""Lakes that each break one promise, for the contract to catch: here those of single files.

Every class breaks one step of the local disk, and ``caught_by`` names the cases that must fail for it: exactly
these and no others.  `test_broken_lakes` runs them all.
"""

from __future__ import annotations

import io
import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote

import pytest
from attrs import evolve

from hygge_core.lakes.local import LocalLake
from hygge_core.testing import LakeContract


BROKEN: dict[str, type] = {}
MOMENT = 0.01  # seconds for which what should be one step stands open


class Contract(LakeContract):
    __test__ = False
    lake_type = LocalLake
    patience = 0.2
    caught_by: ClassVar[frozenset[str]] = frozenset()
    spreads: ClassVar[bool] = False  # whether so much breaks that `caught_by` is only the part that must

    def __init_subclass__(cls):
        cls.opener = f"{cls.__module__}:{cls.__name__}.open_lake_at"
        cls.__test__ = cls.__name__.startswith("Test")
        if cls.__test__:
            BROKEN[cls.__name__] = cls

    @classmethod
    def open_lake_at(cls, place):
        return cls.lake_type(Path(place))

    @pytest.fixture(autouse=True)
    def quickly(self, monkeypatch):
        """Wait for no disk: none of these lakes is tried by a power cut."""
        monkeypatch.setattr(os, "fsync", lambda _: None)

    @pytest.fixture
    def place(self, tmp_path):
        return str(tmp_path / "lake")

    @pytest.fixture
    def read(self, place):
        def read(path):
            file = Path(place, path)
            return file.read_bytes() if file.is_file() else None

        return read


def broken(*, base=LocalLake, **members):
    """Make a type of lake with broken methods, under the name of the class that follows."""
    return type("BrokenLake", (base,), members)


def telling(change):
    """Make a type of lake whose entries are changed before they are told."""

    def stat(self, path):
        found = LocalLake.stat(self, path)
        return found and change(self, found)

    def listed(self, path, *, recursive=False):
        return (change(self, entry) for entry in LocalLake.list(self, path, recursive=recursive))

    return broken(stat=stat, list=listed)


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


class Unsearchable(io.BytesIO):
    def seekable(self):
        return False

    def seek(self, *_):
        raise io.UnsupportedOperation


class TestHasNoSeek(Contract):
    caught_by = frozenset(
        {"test_seeking_and_reading_is_as_in_memory", "test_a_stream_says_that_it_can_be_read_and_searched"}
    )
    lake_type = broken(open=lambda lake, path: Unsearchable(lake.read(path)))


@contextmanager
def open_once(lake, path):
    streams = lake.__dict__.setdefault("streams", {})
    shared = path in streams
    file = streams.setdefault(path, None) or LocalLake.open(lake, path)
    streams[path] = file
    try:
        yield file
    finally:
        if not shared:
            streams.pop(path).close()


class TestStreamsShareAPlace(Contract):
    caught_by = frozenset({"test_two_streams_of_a_file_have_places_of_their_own"})
    lake_type = broken(open=open_once)


class TestVersionIsTheSize(Contract):
    caught_by = frozenset({"test_another_content_is_another_version"})
    lake_type = telling(lambda _, entry: entry if entry.is_directory else evolve(entry, version=f"v{entry.size}"))


class TestTimesAreSeconds(Contract):
    caught_by = frozenset({"test_times_are_nanoseconds_of_these_years"})
    lake_type = telling(lambda _, entry: evolve(entry, modified=entry.modified // 10**9))


class TestFolderIsItsName(Contract):
    caught_by = frozenset({"test_a_folder_that_was_made_again_has_another_version"})
    lake_type = telling(lambda _, entry: evolve(entry, version=entry.path) if entry.is_directory else entry)


def with_names(lake, entry):
    names = [one.path for one in LocalLake.list(lake, entry.path)]
    return evolve(entry, version=f"{entry.version} {names}") if entry.is_directory else entry


class TestFolderIsItsContent(Contract):
    caught_by = frozenset({"test_the_version_of_a_folder_stays_when_files_come_and_go"})
    lake_type = telling(with_names)


class TestRenameOverwrites(Contract):
    caught_by = frozenset({"test_a_file_moves_to_no_name_that_is_taken", "test_one_of_many_files_moves_to_a_free_name"})
    lake_type = broken(
        rename=lambda lake, source, target, **_: LocalLake.rename(lake, source, target, replace=True),
        rename_directory=lambda lake, source, target, **_: LocalLake.rename(lake, source, target),
    )


def rename_in_two_steps(lake, source, target, *, replace=False):
    if replace and lake.stat(source):
        lake.delete(target)
        time.sleep(MOMENT)
    LocalLake.rename(lake, source, target, replace=replace)


class TestReplacesInTwoSteps(Contract):
    caught_by = frozenset({"test_a_replaced_file_is_never_missing"})
    lake_type = broken(rename=rename_in_two_steps)


def rename_by_copy(lake, source, target, *, replace=False):
    if not replace and lake.stat(target):
        raise FileExistsError(target)
    lake.put(target, lake.read(source))


class TestRenameLeavesTheSource(Contract):
    caught_by = frozenset(
        {"test_a_file_moves_into_folders_that_are_made", "test_a_file_moves_over_another_when_told_to"}
    )
    spreads = True
    lake_type = broken(rename=rename_by_copy, rename_directory=lambda lake, *names, **_: LocalLake.rename(lake, *names))


def delete_what_is_there(lake, path):
    Path(lake.local_path(path)).unlink()


class TestDeletesOnlyWhatIsThere(Contract):
    caught_by = frozenset({"test_deleting_what_is_not_there_is_no_error", "test_many_may_delete_at_once"})
    spreads = True  # much deletes what may be gone
    lake_type = broken(delete=delete_what_is_there)


def read_from_a_mapping(lake, path):
    try:
        return LocalLake.read(lake, path)
    except FileNotFoundError as error:
        raise KeyError(path) from error


class TestErrorsAreItsOwn(Contract):
    caught_by = frozenset({"test_a_missing_file_is_not_found"})
    lake_type = broken(read=read_from_a_mapping)


class TestNamesAreUnescaped(Contract):
    caught_by = frozenset({"test_names_that_look_alike_stay_apart", "test_every_path_has_an_address_of_its_own"})
    lake_type = broken(_at=lambda lake, path: LocalLake._at(lake, unquote(path)))

    @pytest.fixture
    def read(self, open_lake):
        lake = open_lake()
        return lambda path: lake.read(path) if lake.stat(path) else None


class TestLeadsOut(Contract):
    caught_by = frozenset({"test_no_path_leads_out_of_the_lake", "test_nothing_is_written_out_of_the_lake"})
    lake_type = broken(_at=lambda lake, path: lake.root / path)


class TestShowsASecret(Contract):
    caught_by = frozenset({"test_secrets_never_show"})
    secrets = ("hunter2",)
    lake_type = broken(__repr__=lambda _: "LocalLake(key='hunter2')")


def put_soon_in_memory(lake, path, data):
    if lake.stat(path):
        raise FileExistsError(path)
    lake.__dict__.setdefault("soon", {})[path] = data


class TestDefersUntilItEnds(Contract):
    caught_by = frozenset({"test_it_is_seen_and_gone_at_once", "test_a_killed_process_loses_none_of_it"})
    lake_type = broken(put_soon=put_soon_in_memory)


def link_by_symlink(lake, names):
    for source, target in names.items():
        place = Path(lake.local_path(target))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(lake.local_path(source))


class TestLinksSymbolically(Contract):
    caught_by = frozenset(
        {
            "test_either_name_outlives_the_other",
            "test_a_new_file_under_one_name_leaves_the_other",
            "test_nothing_gets_no_second_name",
        }
    )
    lake_type = broken(link=link_by_symlink)


def put_but_nothing(lake, path, data, *, if_absent=False):
    """Take an empty file for no change."""
    if data or if_absent or not lake.stat(path):
        LocalLake.put(lake, path, data, if_absent=if_absent)


class TestEmptiesNoFile(Contract):
    caught_by = frozenset({"test_any_sequence_of_operations_does_what_the_model_says"})
    sequences = 500
    lake_type = broken(put=put_but_nothing)
