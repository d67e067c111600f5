"""Lakes that read, move and delete files wrongly, each in one way; see `broken_lakes`."""

from __future__ import annotations

import contextlib
import io
import time
from contextlib import contextmanager
from pathlib import Path

from core.testing.broken_lakes import MOMENT, Contract, broken
from hygge_core.lakes.local import LocalLake


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


class TestOpensNothing(Contract):
    caught_by = frozenset({"test_there_is_no_stream_of_nothing"})
    lake_type = broken(open=lambda lake, path: LocalLake.open(lake, path) if lake.stat(path) else io.BytesIO())


class Short(io.BytesIO):
    """A stream that gives what came with one packet."""

    def read(self, size=-1):
        return super().read(min(size, 1400) if size >= 0 else size)


class TestReadsShort(Contract):
    caught_by = frozenset({"test_seeking_and_reading_is_as_in_memory", "test_parquet_is_written_and_read"})
    lake_type = broken(open=lambda lake, path: Short(lake.read(path)))


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


def rename_in_one_request(lake, source, target, *, replace=False):
    """Copy as much as fits into a request, and delete."""
    lake.put(target, lake.read(source)[: 1 << 20], if_absent=not replace)
    lake.delete(source)


class TestMovesTheBeginning(Contract):
    caught_by = frozenset({"test_a_large_file_moves_whole"})
    lake_type = broken(
        rename=rename_in_one_request,
        rename_directory=lambda lake, source, target, **_: LocalLake.rename(lake, source, target),
    )


def rename_if_there(lake, source, target, *, replace=False):
    with contextlib.suppress(FileNotFoundError):
        LocalLake.rename(lake, source, target, replace=replace)


class TestMovesNothing(Contract):
    caught_by = frozenset({"test_nothing_does_not_move"})
    lake_type = broken(
        rename=rename_if_there,
        rename_directory=lambda lake, source, target, **_: LocalLake.rename(lake, source, target),
    )


def delete_alike(lake, path):
    target = Path(lake.local_path(path))
    for file in target.parent.glob(f"{target.name}*"):
        file.unlink()


class TestDeletesWhatBeginsAlike(Contract):
    caught_by = frozenset({"test_a_deleted_file_is_gone_alone"})
    spreads = True  # two delete at once what begins alike
    lake_type = broken(delete=delete_alike)
