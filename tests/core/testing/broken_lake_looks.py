"""Lakes that tell untruths of what is there, of its names and of themselves, each in one way; see `broken_lakes`."""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from attrs import evolve

from core.testing.broken_lakes import Contract, broken
from hygge_core.lakes.local import LocalLake


def telling(change):
    """Make a type of lake whose entries are changed before they are told."""

    def stat(self, path):
        found = LocalLake.stat(self, path)
        return found and change(self, found)

    def listed(self, path, *, recursive=False):
        return (change(self, entry) for entry in LocalLake.list(self, path, recursive=recursive))

    return broken(stat=stat, list=listed)


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


def read_from_a_mapping(lake, path):
    try:
        return LocalLake.read(lake, path)
    except FileNotFoundError as error:
        raise KeyError(path) from error


class TestErrorsAreItsOwn(Contract):
    caught_by = frozenset({"test_a_missing_file_is_not_found"})
    lake_type = broken(read=read_from_a_mapping)


class TestNamesAreUnescaped(Contract):
    caught_by = frozenset(
        {"test_names_that_look_alike_stay_apart", "test_odd_names", "test_every_path_has_an_address_of_its_own"}
    )
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


def in_blocks(_, entry):
    return entry if entry.is_directory else evolve(entry, size=-(-entry.size // 512) * 512)


class TestSizesAreBlocks(Contract):
    caught_by = frozenset(
        {
            "test_a_file_is_described",
            "test_a_finished_file_is_whole",
            "test_a_list_looks_into_folders_only_when_asked",
        }
    )
    lake_type = telling(in_blocks)


class TestFoldersHaveASize(Contract):
    caught_by = frozenset({"test_a_folder_is_described", "test_a_list_looks_into_folders_only_when_asked"})
    lake_type = telling(lambda _, entry: evolve(entry, size=4096) if entry.is_directory else entry)


LOOKS = count()


class TestVersionIsTheLook(Contract):
    caught_by = frozenset(
        {"test_what_is_unchanged_has_the_same_entry", "test_a_listing_and_a_look_describe_a_file_alike"}
    )
    lake_type = telling(lambda _, entry: entry if entry.is_directory else evolve(entry, version=f"v{next(LOOKS)}"))


def stat_what_begins(lake, path):
    """Take the beginning of a name for a folder."""
    found = LocalLake.stat(lake, path)
    parent, _, name = path.rpartition("/")
    if found is None and name and any(entry.path.startswith(path) for entry in lake.list(parent)):
        return evolve(next(iter(lake.list(parent))), path=path, is_directory=True)
    return found


class TestFindsBeginnings(Contract):
    caught_by = frozenset({"test_nothing_is_none"})
    lake_type = broken(stat=stat_what_begins)


class TestLocalPathIsEscaped(Contract):
    caught_by = frozenset({"test_a_local_path_leads_to_the_file"})
    lake_type = broken(local_path=lambda lake, path: str(lake.root / quote(path)))


class TestIsNotAsked(Contract):
    caught_by = frozenset({"test_no_case_was_overridden"})

    def test_nothing_is_none(self):
        """Nothing."""


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


class TestPutsSoonWhatIsTaken(Contract):
    caught_by = frozenset({"test_what_is_put_soon_takes_no_name_that_is_taken"})
    lake_type = broken(put_soon=lambda lake, path, data: lake.put(path, data))


def link_over(lake, names):
    for target in names.values():
        with suppress(FileNotFoundError):
            Path(lake.local_path(target)).unlink()
    LocalLake.link(lake, names)


class TestLinksOverAFile(Contract):
    caught_by = frozenset({"test_a_link_takes_no_name_that_is_taken"})
    lake_type = broken(link=link_over)


class TestLinksTheFirst(Contract):
    caught_by = frozenset({"test_many_files_get_second_names_in_new_folders", "test_either_name_outlives_the_other"})
    lake_type = broken(link=lambda lake, names: LocalLake.link(lake, dict(list(names.items())[:1])))


class TestDeclaresLinks(Contract):
    caught_by = frozenset(
        {
            "test_a_declared_link_is_there",
            "test_many_files_get_second_names_in_new_folders",
            "test_either_name_outlives_the_other",
            "test_a_new_file_under_one_name_leaves_the_other",
            "test_a_link_takes_no_name_that_is_taken",
            "test_nothing_gets_no_second_name",
        }
    )
    lake_type = broken(link=None)
