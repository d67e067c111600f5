"""A store of files over any lake: the whole of a file-shaped store but its configuration."""

from __future__ import annotations

import os
import socket
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.commit import Receipt, Recovery, Table
from hygge_core.errors import Locked
from hygge_core.home import Probes
from hygge_core.lake import UNFINISHED, Lapses
from hygge_core.staging.audit import audit
from hygge_core.staging.capabilities import capabilities_of
from hygge_core.staging.folder import TableFolder
from hygge_core.staging.footer import row_count
from hygge_core.staging.foreign import readable
from hygge_core.staging.place import Place
from hygge_core.staging.probe import probe
from hygge_core.staging.publish import publish
from hygge_core.staging.retirement import Retirement
from hygge_core.staging.rows import scan
from hygge_core.staging.stage import FileStage
from hygge_core.template import fill


if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars as pl

    from hygge_core.commit import CommitRecord, Part, TableRun
    from hygge_core.home import Connection, Finding
    from hygge_core.lake import Lake
    from hygge_core.staging.layout import Layout
    from hygge_core.staging.options import FileOptions
    from hygge_core.store import Capabilities


class FileStore:
    """Tables as files in a lake, switched whole.

    ``path`` is where tables lie within the lake and may hold ``{entity}`` and ``{flow}``.
    ``adopt`` allows replacing files that hygge did not write.  ``behind`` is the connection that
    was opened for this store alone: it is examined and closed with it.  One object serves a
    whole run, from many threads.
    """

    def __init__(  # noqa: PLR0913 - what it is made of, each by its name
        self,
        lake: Lake,
        *,
        path: str,
        layout: Layout,
        options: FileOptions,
        adopt: bool = False,
        behind: Connection | None = None,
    ) -> None:
        self._lake = lake
        self._path = path
        self._layout = layout
        self._options = options
        self._adopt = adopt
        self._held: dict[str, _Held] = {}
        self._retirement = Retirement(lake)
        self._behind = behind
        self._unseen = behind if isinstance(behind, Probes) else None

    @property
    def capabilities(self) -> Capabilities:
        """What this lake and layout give."""
        return capabilities_of(self._lake, self._layout)

    def locate(self, table: Table) -> str:
        """Return the table's path or address."""
        return self._lake.url(self._folder(table).place.table)

    @contextmanager
    def lease(self, table: Table, run: TableRun) -> Iterator[None]:
        """Hold the table against other writers, in this process and others."""
        place = self._folder(table).place
        try:
            with self._lake.lease(place.lease, _holder(run)) as hold:
                self._held[place.table] = _Held(run.id, hold.check if isinstance(hold, Lapses) else _certain)
                try:
                    yield
                finally:
                    del self._held[place.table]
        except Locked as error:
            error.where = self.locate(table)
            raise

    def stage(self, table: Table, run: TableRun) -> FileStage:
        """Start staging; takes the lease, and recovers, when the caller has not.

        A stage of the same run that was sealed before is opened again as it is.
        """
        folder = self._folder(table)
        with ExitStack() as held:
            if self._hold(folder.place).run != run.id:
                held.enter_context(self.lease(table, run))
                self._recover(table, keep=run.token)
            check = self._hold(folder.place).check
            stage = FileStage(folder, table, run, held=held, check=check, retire=self._retirement.retire)
            held.pop_all()
            return stage

    def recover(self, table: Table) -> Recovery:
        """Finish the commit that was recorded, then sweep stages that were not."""
        return self._recover(table)

    def last(self, table: Table) -> CommitRecord | None:
        """Return the newest commit."""
        return self._folder(table).history.last()

    def commits(self, table: Table) -> Iterator[CommitRecord]:
        """Yield every commit of the table, the oldest first."""
        return self._folder(table).history.all()

    def count(self, table: Table, parts: Sequence[Part] | None = None) -> int:
        """Count the rows that readers see, by the footers of the files in the table's place."""
        wanted = None if parts is None else {part.name for part in parts}
        files = readable(self._folder(table))
        return sum(row_count(self._lake, path) for name, path in files.items() if wanted is None or name in wanted)

    def rows(self, table: Table) -> pl.LazyFrame | None:
        """Return the rows that readers see; columns of several files are united by name."""
        files = readable(self._folder(table))
        return scan(self._lake, list(files.values())) if files else None

    def audit(self, table: Table, parts: Sequence[Part], *, deep: bool) -> Iterator[str]:
        """Yield what is missing, altered or strange among the files of a table."""
        return audit(self._folder(table), parts, deep=deep)

    def probe(self, entity: str, flow: str = "") -> Iterator[Finding]:
        """Try out what a commit will need; changes nothing that a reader sees.

        Of a store with a connection of its own, the first table that is asked for tells of that too.
        """
        behind, self._unseen = self._unseen, None
        if behind is not None:
            yield from behind.probe(entity, flow)
        yield from probe(self._folder(Table(name=entity, flow=flow)), lambda: self.capabilities)

    def close(self) -> None:
        """Wait until what this run replaced is swept, and let go of the connection behind the store."""
        self._retirement.close()
        if self._behind is not None:
            self._behind.close()

    def _recover(self, table: Table, keep: str = "") -> Recovery:
        folder = self._folder(table)
        pending = folder.history.unfinished()
        finished: tuple[Receipt, ...] = ()
        if pending is not None:
            publish(folder, pending, deep=True, check=self._hold(folder.place).check)
            self._retirement.retire(folder.place, pending.run.token)
            finished = (Receipt(record=pending, location=self.locate(table)),)
        return Recovery(rolled_forward=finished, swept=tuple(self._sweep(folder, keep)))

    def _sweep(self, folder: TableFolder, keep: str) -> Iterator[str]:
        """Delete what no commit needs: stages but the one to keep, and files that were never finished."""
        stages = [(entry.path.rpartition("/")[2], entry.path) for entry in self._lake.list(folder.place.stages)]
        committed = folder.history.tokens() if stages else frozenset()
        for token, path in stages:
            if token != keep and not self._retirement.expects(folder.place, token):
                self._lake.delete_directory(path)
                if token not in committed:
                    yield token
        for entry in list(self._lake.list(folder.place.state)):
            if entry.path.endswith(UNFINISHED):
                self._lake.delete(entry.path)

    def _hold(self, place: Place) -> _Held:
        return self._held.get(place.table, _NOT_HELD)

    def _folder(self, table: Table) -> TableFolder:
        path = fill(self._path, entity=table.name, flow=table.flow)
        return TableFolder(
            lake=self._lake, place=Place(path), layout=self._layout, options=self._options, adopt=self._adopt
        )


@frozen
class _Held:
    """The run that holds a table, and how it makes sure that it still does."""

    run: str
    check: Callable[[], None]


def _certain() -> None:
    """Say nothing: a hold that cannot lapse is certain."""


_NOT_HELD = _Held("", _certain)


def _holder(run: TableRun) -> str:
    return (
        f"run {run.id} of {run.flow}.{run.entity} (process {os.getpid()} on {socket.gethostname()}, "
        f"since {run.started:%Y-%m-%d %H:%M:%S} UTC)"
    )
