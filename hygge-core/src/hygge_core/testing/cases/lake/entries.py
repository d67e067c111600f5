"""An entry tells what is there, from the same name before, and when it changed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from hygge_core.testing.judge import needs


if TYPE_CHECKING:
    from hygge_core.lake import Entry, Lake
    from hygge_core.testing.lake_looks import OpenLake


_DAY, _YEAR_2000 = 86_400 * 10**9, 946_684_800 * 10**9


class EntryCases:
    """A commit asks what is there, a replicator whether it still is what it was."""

    promise: ClassVar[str] = "an entry tells what is there, and whether it is still the same"

    def test_a_file_is_described(self, lake: Lake) -> None:
        lake.put("folder/file", b"12345")
        entry = _stat(lake, "folder/file")
        found = (entry.path, entry.size, entry.is_directory, entry.is_link)
        assert found == ("folder/file", 5, False, False), f"broken promise: `stat` describes a file. It says {entry}"

    def test_a_folder_is_described(self, lake: Lake) -> None:
        lake.put("folder/file", b"12345")
        entry = _stat(lake, "folder")
        found = (entry.path, entry.size, entry.is_directory, entry.modified)
        assert found == ("folder", 0, True, 0), f"broken promise: a folder has neither size nor time. It says {entry}"

    def test_nothing_is_none(self, lake: Lake) -> None:
        lake.put("file", b"1")
        for path in ("nothing", "no/thing", "fil", "file/below"):
            found = lake.stat(path)
            assert found is None, f"broken promise: what is not there is None. {path!r} is {found}"

    def test_what_is_unchanged_has_the_same_entry(self, lake: Lake, open_lake: OpenLake) -> None:
        lake.put("file", b"1")
        before = lake.stat("file")
        lake.read("file")
        lake.put("other", b"2")
        for found in (lake.stat("file"), open_lake().stat("file")):
            assert found == before, (
                f"broken promise: what did not change looks the same. It was {before}, it is {found}"
            )

    def test_a_listing_and_a_look_describe_a_file_alike(self, lake: Lake) -> None:
        lake.put("folder/file", b"1")
        listed = list(lake.list("folder"))
        looked = lake.stat("folder/file")
        assert listed == [looked], f"broken promise: `list` and `stat` describe a file alike: {listed}, {looked}"

    def test_another_content_is_another_version(self, lake: Lake) -> None:
        lake.put("file", b"0")
        needs(bool(_stat(lake, "file").version), "the lake tells no versions of files")
        for number in range(1, 6):
            before = _stat(lake, "file").version
            lake.put("file", b"%d" % number)
            after = _stat(lake, "file").version
            assert after != before, f"broken promise: a version changes with the content. It stayed {before!r}"

    def test_the_version_of_a_folder_stays_when_files_come_and_go(self, lake: Lake) -> None:
        lake.put("folder/one", b"1")
        before = _stat(lake, "folder").version
        needs(bool(before), "the lake tells no versions of folders")
        lake.put("folder/two", b"2")
        lake.delete("folder/one")
        after = _stat(lake, "folder").version
        assert after == before, "broken promise: the version of a folder stays when files come into it"

    def test_a_folder_that_was_made_again_has_another_version(self, lake: Lake) -> None:
        lake.put("folder/file", b"1")
        needs(bool(_stat(lake, "folder").version), "the lake tells no versions of folders")
        seen = []
        for _ in range(3):
            lake.put("folder/file", b"1")
            seen.append(_stat(lake, "folder").version)
            lake.delete_directory("folder")
        assert len(set(seen)) == len(seen), f"broken promise: a version tells a folder from a later one. It was {seen}"

    def test_times_are_nanoseconds_of_these_years(self, lake: Lake) -> None:
        lake.put("one", b"1")
        lake.put("two", b"2")
        one, two = _stat(lake, "one").modified, _stat(lake, "two").modified
        needs(bool(one), "the lake keeps no times")
        sane = _YEAR_2000 < one <= two < time.time_ns() + _DAY
        assert sane, f"broken promise: `modified` is in nanoseconds since 1970, the later file's later: {one}, {two}"


def _stat(lake: Lake, path: str) -> Entry:
    entry = lake.stat(path)
    assert entry is not None, f"broken promise: `stat` finds what is there. There is no {path!r}"
    return entry
