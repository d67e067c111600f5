"""Change Tracking: the rows that were inserted or updated since a version, and the keys that were deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core import HomeError
from hygge_core.mark import Mark, Watermark
from hygge_core.sql import Statement, select
from hygge_home_mssql.catalogue.keys import key_of
from hygge_home_mssql.dialect import MSSQL
from hygge_home_mssql.engines.shape import Shape
from hygge_home_mssql.home_config import CHANGE_TRACKING
from hygge_home_mssql.reading.isolating import warnings_of


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from hygge_core.home import Isolation, ReadRequest
    from hygge_home_mssql.home_config import MssqlConfig
    from hygge_home_mssql.reading.rows import Rows
    from hygge_home_mssql.reading.session import Session
    from hygge_home_mssql.reading.source import Source


_VERSION = Statement("SELECT CHANGE_TRACKING_CURRENT_VERSION()")
_OLDEST = "SELECT CHANGE_TRACKING_MIN_VALID_VERSION(OBJECT_ID(?))"
_RELOAD = "load the table anew, by `hygge go --full-drop --entity` with its name"


@frozen(kw_only=True)
class Versions:
    """Where Change Tracking stands: ``now`` of the database, and the columns of the table's primary key.

    Rows that changed after ``since`` are wanted, all when it is None.
    """

    source: Source
    key: tuple[str, ...]
    now: int
    since: int | None = None

    @property
    def changed(self) -> Statement | None:
        """The condition that a row, which is there, was inserted or updated since."""
        if self.since is None:
            return None
        same = " AND ".join(f"c.{name} = {self.source.text}.{name}" for name in map(MSSQL.quote, self.key))
        text = f"SELECT 1 FROM {self._changes} AS c WHERE {same}"  # noqa: S608 - names come quoted
        return Statement(f"EXISTS ({text})", (self.since,))

    def gone(self, shape: Shape) -> Statement:
        """Ask for the keys that were deleted since."""
        where = Statement("SYS_CHANGE_OPERATION = 'D'", (self.since,))
        return select(MSSQL, shape.select, f"{self._changes} AS c", where)

    @property
    def _changes(self) -> str:
        return f"CHANGETABLE(CHANGES {self.source.text}, ?)"


def versions_of(session: Session, source: Source, request: ReadRequest) -> Versions:
    """Ask where Change Tracking stands, before the first row is read.

    Raises `HomeError` where it is off, and where changes since the last commit are not kept any more.
    """
    now = session.value(_VERSION)
    if now is None:
        raise HomeError(
            "the database does not track changes",
            where=session.where,
            fix="have an administrator run ALTER DATABASE CURRENT SET CHANGE_TRACKING = ON "
            "(CHANGE_RETENTION = 7 DAYS, AUTO_CLEANUP = ON)",
        )
    since = int(request.since.text) if request.since else None
    versions = Versions(source=source, key=key_of(session, source.parts), now=int(now), since=since)
    demand_kept(session, versions)
    return versions


def demand_kept(session: Session, versions: Versions) -> None:
    """Raise `HomeError` unless the server still keeps every change since the last commit."""
    table = ".".join(map(MSSQL.quote, versions.source.parts))
    oldest = session.value(Statement(_OLDEST, (table,)))
    if oldest is None:
        raise HomeError(
            "changes of the table are not tracked, or the login may not see them",
            where=session.where,
            fix=f"have an administrator run ALTER TABLE {table} ENABLE CHANGE_TRACKING, "
            f"and GRANT VIEW CHANGE TRACKING ON {table} to the login",
        )
    since = versions.since
    if since is not None and not int(oldest) <= since <= versions.now:
        kept = f"changes are kept from version {oldest} to {versions.now}, and the last commit came to {since}"
        why = "they were cleaned up" if since < int(oldest) else "the database was restored from an older backup"
        raise HomeError(f"{kept}: {why}, so what changed since is not known", where=session.where, fix=_RELOAD)


class ChangesReading:
    """A `hygge_core.home.Reading` that is `FollowsChanges`, `Isolated`, `Cancels` and `Warns`.

    It keeps its connection after the last row, to ask for the deleted keys in the same snapshot.
    """

    def __init__(  # noqa: PLR0913 - what an opened source is made of
        self,
        session: Session,
        rows: Rows,
        versions: Versions,
        *,
        settings: MssqlConfig,
        isolation: Isolation,
        size: int,
    ) -> None:
        self._session = session
        self._rows = rows
        self._versions = versions
        self._settings = settings
        self._size = size
        self._begun = False
        self.isolation = isolation

    @property
    def schema(self) -> pl.Schema:
        """The columns of every batch, by the server's catalogue."""
        return self._rows.shape.schema

    @property
    def reached(self) -> Watermark:
        """The version that was current before the first row."""
        mark = Mark(dtype="int64", text=str(self._versions.now))
        return Watermark(column=CHANGE_TRACKING, key=self._versions.key, mark=mark)

    def batches(self) -> Iterator[pl.DataFrame]:
        """Yield the rows that changed, or all. Raises `HomeError`."""
        self._begun = True
        statement = self._rows.select(self._versions.changed)
        yield from self._session.batches(statement, self._rows.shape, self._size)
        self._begun = False

    def count(self) -> int:
        """Count the rows that `batches` yields."""
        return int(self._session.value(self._rows.count(self._versions.changed)))

    def deleted(self) -> pl.DataFrame:
        """Return the keys deleted since the last commit. Raises `HomeError` if changes were cleaned up meanwhile."""
        import polars as pl

        columns = [self._versions.source.column(name, self._session.where) for name in self._versions.key]
        shape = Shape(columns=columns, options=self._settings.options)
        empty = pl.DataFrame(schema=shape.schema)
        if self._versions.since is None:
            return empty
        frames = list(self._session.batches(self._versions.gone(shape), shape, self._size))
        demand_kept(self._session, self._versions)
        return pl.concat([empty, *frames])

    def warnings(self) -> Sequence[str]:
        """Say what the chosen isolation leaves open."""
        return warnings_of(self._settings.isolation)

    def cancel(self) -> None:
        """Make the statement that is at work end with an error."""
        self._session.cancel()

    def close(self) -> None:
        """Give the connection back; in the middle of the rows, close it instead. Safe to call twice."""
        self._session.close(unread=self._begun)


def demand_key(rows: Rows, key: tuple[str, ...], where: str) -> None:
    """Raise `HomeError` for a table without a key, or one that is read without it."""
    if not key:
        raise HomeError("the login does not see the table's primary key", where=where, fix="check its rights")
    names = [column.name for column in rows.shape.columns]
    missing = next((name for name in key if name not in names), None)
    if missing is not None:
        raise HomeError(f"columns leaves out {missing!r}, which is in the key", where=where, fix="add it")
