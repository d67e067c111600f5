"""How a table lies in files, and how a recorded commit becomes visible in it.

`publish` of each layout may be called again after a crash at any point of it: it looks at
what is done before it does the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from hygge_core.lake import ExchangesDirectories
from hygge_core.staging.check import demand, is_there


if TYPE_CHECKING:
    from collections.abc import Callable

    from hygge_core.commit import CommitRecord, Mode
    from hygge_core.lake import Lake
    from hygge_core.staging.place import Place

    Check = Callable[[], None]


class Layout(Protocol):
    """A way for a table to lie in files."""

    @property
    def modes(self) -> frozenset[Mode]:
        """What can be committed."""
        ...

    @property
    def rotates(self) -> bool:
        """Whether a table may have several files."""
        ...

    @property
    def run_folders(self) -> bool:
        """Whether each run has a folder of its own."""
        ...

    def name(self, table: str, token: str, number: int) -> str:
        """Name the part, within the table, for ever unique where the layout allows it."""
        ...

    def publish(self, lake: Lake, place: Place, record: CommitRecord, *, deep: bool, check: Check) -> None:
        """Make the recorded parts visible; ``deep`` verifies their content first, ``check`` goes before each change."""
        ...


@frozen
class FolderLayout:
    """A table is a folder of files. Replacing and upserting exchange the folder, appending moves files into it."""

    modes: frozenset[Mode] = frozenset({"replace", "append", "upsert"})
    rotates: bool = True
    run_folders: bool = False

    def name(self, table: str, token: str, number: int) -> str:  # noqa: ARG002 - the layouts share one signature
        """Name the part after its run."""
        return f"{token}-{number:010d}.parquet"

    def publish(self, lake: Lake, place: Place, record: CommitRecord, *, deep: bool, check: Check) -> None:
        """Switch the folder, or rename each file into the one that is there."""
        if record.table.mode != "append" or lake.stat(place.table) is None:
            _switch(lake, place, record, deep=deep, check=check)
        else:
            _bring(lake, place, record, deep=deep, check=check)


@frozen
class RunsLayout:
    """A table is a folder with a folder for each run. Appending moves one folder, in one step."""

    modes: frozenset[Mode] = frozenset({"replace", "append"})
    rotates: bool = True
    run_folders: bool = True

    def name(self, table: str, token: str, number: int) -> str:  # noqa: ARG002 - the layouts share one signature
        """Name the part in a folder of its run."""
        return f"{token}/{number:010d}.parquet"

    def publish(self, lake: Lake, place: Place, record: CommitRecord, *, deep: bool, check: Check) -> None:
        """Switch the folder of all runs, or rename the folder of this run into the one that is there."""
        if record.table.mode == "replace" or lake.stat(place.table) is None:
            _switch(lake, place, record, deep=deep, check=check)
        elif not lake.abilities.atomic_directory_rename:
            _bring(lake, place, record, deep=deep, check=check)
        elif not _holds(lake, place.table, record, deep=deep):
            token = record.run.token
            _demand_all(lake, record, deep=deep)
            check()
            lake.rename_directory(f"{place.data(token)}/{token}", f"{place.table}/{token}")


@frozen
class FileLayout:
    """A table is one file under a name that stays. Replacing renames the new file over the old."""

    modes: frozenset[Mode] = frozenset({"replace"})
    rotates: bool = False
    run_folders: bool = False

    def name(self, table: str, token: str, number: int) -> str:  # noqa: ARG002 - the layouts share one signature
        """Name the part as the table is named."""
        return table.rpartition("/")[2]

    def publish(self, lake: Lake, place: Place, record: CommitRecord, *, deep: bool, check: Check) -> None:
        """Rename the staged file over the table."""
        (part,) = record.parts
        if is_there(lake, part.staged, part, deep=deep):
            check()
            lake.rename(part.staged, place.table, replace=True)
        else:
            demand(lake, place.table, part, deep=True)


def _switch(lake: Lake, place: Place, record: CommitRecord, *, deep: bool, check: Check) -> None:
    """Put the staged folder in the table's place; the old one goes to the stage, to be swept later."""
    if not lake.abilities.atomic_directory_rename:
        _exchange_files(lake, place, record, deep=deep, check=check)
        return
    if _holds(lake, place.table, record, deep=deep):
        return
    _demand_all(lake, record, deep=deep)
    data = place.data(record.run.token)
    there = lake.stat(place.table)
    if there and isinstance(lake, ExchangesDirectories) and lake.abilities.atomic_directory_exchange:
        check()
        lake.exchange_directories(data, place.table)
        return
    if there:
        check()
        lake.rename_directory(place.table, place.replaced(record.run.token), version=there.version)
    check()
    lake.rename_directory(data, place.table)


def _exchange_files(lake: Lake, place: Place, record: CommitRecord, *, deep: bool, check: Check) -> None:
    """Where a folder does not move in one step: bring all new files, then delete the old, so that there is a table."""
    _bring(lake, place, record, deep=deep, check=check)
    for name in sorted(set(record.removes).difference(part.name for part in record.parts)):
        check()
        lake.delete(f"{place.table}/{name}")


def _bring(lake: Lake, place: Place, record: CommitRecord, *, deep: bool, check: Check) -> None:
    """Rename each part into the table's folder."""
    for part in record.parts:
        target = f"{place.table}/{part.name}"
        if not is_there(lake, target, part, deep=deep):
            demand(lake, part.staged, part, deep=deep)
            check()
            lake.rename(part.staged, target)


def _holds(lake: Lake, folder: str, record: CommitRecord, *, deep: bool) -> bool:
    return all(is_there(lake, f"{folder}/{part.name}", part, deep=deep) for part in record.parts)


def _demand_all(lake: Lake, record: CommitRecord, *, deep: bool) -> None:
    for part in record.parts:
        demand(lake, part.staged, part, deep=deep)
