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
    from hygge_core.commit import CommitRecord, Mode
    from hygge_core.lake import Lake
    from hygge_core.staging.place import Place


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

    def publish(self, lake: Lake, place: Place, record: CommitRecord, *, deep: bool) -> None:
        """Make the recorded parts visible; ``deep`` verifies their content first."""
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

    def publish(self, lake: Lake, place: Place, record: CommitRecord, *, deep: bool) -> None:
        """Switch the folder, or rename each file into the one that is there."""
        if record.table.mode != "append" or lake.stat(place.table) is None:
            _switch(lake, place, record, deep=deep)
            return
        for part in record.parts:
            target = f"{place.table}/{part.name}"
            if not is_there(lake, target, part, deep=deep):
                demand(lake, part.staged, part, deep=deep)
                lake.rename(part.staged, target)


@frozen
class RunsLayout:
    """A table is a folder with a folder for each run. Appending moves one folder, in one step."""

    modes: frozenset[Mode] = frozenset({"replace", "append"})
    rotates: bool = True
    run_folders: bool = True

    def name(self, table: str, token: str, number: int) -> str:  # noqa: ARG002 - the layouts share one signature
        """Name the part in a folder of its run."""
        return f"{token}/{number:010d}.parquet"

    def publish(self, lake: Lake, place: Place, record: CommitRecord, *, deep: bool) -> None:
        """Switch the folder of all runs, or rename the folder of this run into the one that is there."""
        if record.table.mode == "replace" or lake.stat(place.table) is None:
            _switch(lake, place, record, deep=deep)
        elif not _holds(lake, place.table, record, deep=deep):
            token = record.run.token
            _demand_all(lake, record, deep=deep)
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

    def publish(self, lake: Lake, place: Place, record: CommitRecord, *, deep: bool) -> None:
        """Rename the staged file over the table."""
        (part,) = record.parts
        if is_there(lake, part.staged, part, deep=deep):
            lake.rename(part.staged, place.table, replace=True)
        else:
            demand(lake, place.table, part, deep=True)


def _switch(lake: Lake, place: Place, record: CommitRecord, *, deep: bool) -> None:
    """Put the staged folder in the table's place; the old one goes to the stage, to be swept later."""
    if _holds(lake, place.table, record, deep=deep):
        return
    _demand_all(lake, record, deep=deep)
    data = place.data(record.run.token)
    if lake.stat(place.table) is None:
        lake.rename_directory(data, place.table)
    elif isinstance(lake, ExchangesDirectories) and lake.abilities.atomic_directory_exchange:
        lake.exchange_directories(data, place.table)
    else:
        lake.rename_directory(place.table, place.replaced(record.run.token))
        lake.rename_directory(data, place.table)


def _holds(lake: Lake, folder: str, record: CommitRecord, *, deep: bool) -> bool:
    return all(is_there(lake, f"{folder}/{part.name}", part, deep=deep) for part in record.parts)


def _demand_all(lake: Lake, record: CommitRecord, *, deep: bool) -> None:
    for part in record.parts:
        demand(lake, part.staged, part, deep=deep)
