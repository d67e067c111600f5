"""Lakes that list, move and delete folders wrongly, each in one way; see `broken_lakes`."""

from __future__ import annotations

import time
from itertools import islice
from pathlib import Path

from core.testing.broken_lakes import MOMENT, Contract, broken
from hygge_core.lakes.local import LocalLake


def list_by_whole_path(lake, path, *, recursive=False):
    return iter(sorted(LocalLake.list(lake, path, recursive=recursive), key=lambda entry: entry.path))


class TestListsByWholePaths(Contract):
    caught_by = frozenset({"test_a_list_is_in_order_a_folder_before_its_content"})
    lake_type = broken(list=list_by_whole_path)


def list_by_prefix(lake, path, *, recursive=False):
    """List as a service does that is asked without the slash."""
    lake.local_path(path)
    for entry in LocalLake(lake.root).list("", recursive=True):
        below = entry.path.removeprefix(path).strip("/")
        if entry.path.startswith(path) and entry.path != path and (recursive or "/" not in below):
            yield entry


class TestListsByBeginnings(Contract):
    caught_by = frozenset(
        {"test_a_name_that_begins_alike_is_in_no_list_but_its_own", "test_nothing_is_in_what_is_not_there"}
    )
    lake_type = broken(list=list_by_prefix)


class TestListsOnePage(Contract):
    caught_by = frozenset({"test_a_list_of_many_is_complete"})
    lake_type = broken(
        list=lambda lake, path, *, recursive=False: islice(LocalLake.list(lake, path, recursive=recursive), 50)
    )


def list_by_number(lake, path, *, recursive=False):
    """Ask for one entry after the other, by its number at that moment."""
    number = 0
    while found := list(islice(LocalLake.list(lake, path, recursive=recursive), number, number + 1)):
        yield from found
        number += 1


class TestListsByNumber(Contract):
    caught_by = frozenset({"test_what_is_deleted_while_it_is_listed_hides_nothing"})
    spreads = True  # files that come and go hide others by luck
    lake_type = broken(list=list_by_number)


def list_then_look(lake, path, *, recursive=False):
    """Look at each name that was found, and be surprised by one that went."""
    for entry in list(LocalLake(lake.root).list(path, recursive=recursive)):
        time.sleep(MOMENT / 10)
        if lake.stat(entry.path) is None:
            raise FileNotFoundError(entry.path)
        yield entry


class TestTripsOverWhatWent(Contract):
    caught_by = frozenset({"test_files_that_come_and_go_hide_none_that_stay"})
    lake_type = broken(list=list_then_look)


def make_new(lake, path):
    Path(lake.local_path(path)).mkdir(parents=True)


class TestMakesAFolderOnce(Contract):
    caught_by = frozenset(
        {"test_a_folder_is_made_with_its_parents_and_made_again", "test_many_may_make_a_folder_at_once"}
    )
    lake_type = broken(make_directory=make_new)


def rename_file_by_file(lake, source, target, **_):
    if lake.stat(source) is None:
        raise FileNotFoundError(source)
    if lake.stat(target):
        raise FileExistsError(target)
    time.sleep(MOMENT)
    lake.make_directory(target)
    for entry in list(lake.list(source, recursive=True)):
        moved = target + entry.path.removeprefix(source)
        lake.make_directory(moved) if entry.is_directory else lake.rename(entry.path, moved, replace=True)
        time.sleep(MOMENT / 10)
    lake.delete_directory(source)


class TestMovesFileByFile(Contract):
    caught_by = frozenset({"test_a_folder_that_moves_is_seen_whole", "test_one_of_many_folders_moves_to_a_free_name"})
    spreads = True  # a file is also taken for a folder
    lake_type = broken(rename_directory=rename_file_by_file)


def rename_into(lake, source, target, **_):
    """Move as the command ``mv`` does: into a folder that is there."""
    there = lake.stat(target)
    name = source.rpartition("/")[2]
    LocalLake.rename(lake, source, f"{target}/{name}" if there and there.is_directory else target)


class TestMovesIntoATakenFolder(Contract):
    caught_by = frozenset({"test_a_folder_does_not_move_to_a_name_that_is_taken"})
    spreads = True  # of many that move at once, those that come later move into the first
    lake_type = broken(rename_directory=rename_into)


def exchange_in_steps(lake, one, other):
    if not (lake.stat(one) and lake.stat(other)):
        raise FileNotFoundError(one)
    lake.rename_directory(one, f"{one}.old")
    time.sleep(MOMENT)
    lake.rename_directory(other, one)
    lake.rename_directory(f"{one}.old", other)


class TestExchangesInSteps(Contract):
    caught_by = frozenset({"test_a_folder_that_trades_places_is_never_missing"})
    lake_type = broken(exchange_directories=exchange_in_steps)


class TestDeclaresWhatItLacks(Contract):
    caught_by = frozenset(
        {
            "test_a_declared_exchange_is_there",
            "test_folders_trade_places_with_all_that_is_in_them",
            "test_a_folder_does_not_trade_places_with_nothing",
            "test_a_folder_that_trades_places_is_never_missing",
        }
    )
    lake_type = broken(exchange_directories=None)


def delete_by_prefix(lake, path):
    for entry in list(LocalLake.list(lake, "")):
        if entry.path.startswith(path):
            LocalLake.delete_directory(lake, entry.path) if entry.is_directory else lake.delete(entry.path)
    LocalLake.delete_directory(lake, path)


class TestDeletesByBeginnings(Contract):
    caught_by = frozenset({"test_a_deleted_folder_is_gone_with_all_that_is_in_it"})
    lake_type = broken(delete_directory=delete_by_prefix)


def list_what_was_made(lake, path, *, recursive=False):
    lake.local_path(path)
    if not lake.root.exists():
        raise FileNotFoundError(path)
    return LocalLake.list(lake, path, recursive=recursive)


class TestListsNoNewLake(Contract):
    caught_by = frozenset({"test_the_root_is_a_folder_too"})
    lake_type = broken(list=list_what_was_made)


def rename_files(lake, source, target, **_):
    """Move a folder with its files and without theirs."""
    LocalLake.rename(lake, source, target)
    for entry in list(lake.list(target)):
        if entry.is_directory:
            lake.delete_directory(entry.path)


class TestMovesTheTopOnly(Contract):
    caught_by = frozenset({"test_a_folder_moves_with_all_that_is_in_it"})
    lake_type = broken(rename_directory=rename_files)


def rename_what_has_content(lake, source, target, **_):
    if not any(True for _ in lake.list(source)):
        raise FileNotFoundError(source)
    LocalLake.rename(lake, source, target)


class TestMovesNoEmptyFolder(Contract):
    caught_by = frozenset({"test_an_empty_folder_moves"})
    lake_type = broken(rename_directory=rename_what_has_content)


def rename_folder_if_there(lake, source, target, **_):
    if lake.stat(source):
        LocalLake.rename(lake, source, target)


class TestMovesNoFolder(Contract):
    caught_by = frozenset({"test_no_folder_does_not_move"})
    lake_type = broken(rename_directory=rename_folder_if_there)
