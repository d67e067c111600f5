"""Opening one source: its columns, how far its range may go, and only then the moment that its rows show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_home_mssql.changes import ChangesReading, demand_key, versions_of
from hygge_home_mssql.reading.choosing import engine_for
from hygge_home_mssql.reading.following import follow
from hygge_home_mssql.reading.isolating import demand_snapshots, isolation_of
from hygge_home_mssql.reading.reading import MssqlReading
from hygge_home_mssql.reading.rows import wanted_rows
from hygge_home_mssql.reading.session import Session
from hygge_home_mssql.reading.source import find_source


if TYPE_CHECKING:
    from hygge_core.home import ReadRequest
    from hygge_home_mssql.connection import MssqlConnection
    from hygge_home_mssql.facts import Facts
    from hygge_home_mssql.home_config import MssqlConfig
    from hygge_home_mssql.reading.following import Followed
    from hygge_home_mssql.reading.rows import Rows


def open_reading(
    connection: MssqlConnection, settings: MssqlConfig, request: ReadRequest, where: str
) -> MssqlReading | ChangesReading:
    """Open what a request asks for. Raises `HomeError` or `HomeUnavailable`, and holds no connection then.

    ``where`` names it in errors.
    """
    facts = connection.facts  # asked before this reading holds a connection, since it borrows one
    demand_snapshots(settings.isolation, facts, where)
    session = Session(connection, where, engine_for(settings.engine, connection.settings))
    try:
        return _opened(session, settings, request, facts)
    except BaseException:
        session.close(unread=True)
        raise


def _opened(
    session: Session, settings: MssqlConfig, request: ReadRequest, facts: Facts
) -> MssqlReading | ChangesReading:
    source = find_source(session, settings, request)
    rows = wanted_rows(source, settings, request.columns, session.where)
    session.change(engine_for(settings.engine, session.connection.settings, rows.shape.columns))
    if settings.follows_changes:
        return _changes(session, settings, request, rows, facts)
    followed = _followed(session, rows, request)
    session.begin(settings.isolation)
    return MssqlReading(
        session,
        rows,
        request,
        settings=settings,
        isolation=isolation_of(settings.isolation, facts),
        followed=followed,
    )


def _changes(session: Session, settings: MssqlConfig, request: ReadRequest, rows: Rows, facts: Facts) -> ChangesReading:
    versions = versions_of(session, rows.source, request)
    demand_key(rows, versions.key, session.where)
    session.begin(settings.isolation)
    isolation = isolation_of(settings.isolation, facts)
    return ChangesReading(session, rows, versions, settings=settings, isolation=isolation, size=request.batch_bytes)


def _followed(session: Session, rows: Rows, request: ReadRequest) -> Followed | None:
    """Follow the range's column, if it is there: the engine has better words for one that is not."""
    name = request.range.column if request.range else None
    column = next((column for column in rows.source.columns if column.name == name), None)
    return None if column is None else follow(session, column, rows)
