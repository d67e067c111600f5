"""Cutting an opened reading into parts, and saying what they guarantee together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.home import Isolation
from hygge_home_mssql.reading.cutting import column_for, ranges
from hygge_home_mssql.reading.parts import Part, at_once, later


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.sql import Statement
    from hygge_home_mssql.home_config import MssqlConfig, Split
    from hygge_home_mssql.reading.rows import Rows
    from hygge_home_mssql.reading.session import Session


def isolation_of_parts(isolation: Isolation, split: Split | None) -> Isolation:
    """Say what several parts give together: one moment only where the lock made it one."""
    if split is None or not isolation.snapshot or split.lock:
        return isolation
    return Isolation(name="snapshot (one for each part)", snapshot=False)


def cut(session: Session, rows: Rows, split: Split, within: Statement | None) -> Sequence[Statement]:
    """Return the statement of each part; none where the table is better read whole. ``within`` narrows all of them."""
    column = column_for(session, split, rows)
    if column is None:
        return ()
    number = min(split.parts, _most(session, split))
    return [rows.select(within, condition) for condition in ranges(session, column, rows, number, within)]


def open_parts(
    session: Session, rows: Rows, settings: MssqlConfig, statements: Sequence[Statement], size: int
) -> list[Part]:
    """Make a reading of each statement. Gives the session's own connection back first, for the parts to use."""
    session.close()
    share = max(1, size // len(statements))
    opening = later(session, settings.isolation)
    sessions: Sequence[Session | None] = [None] * len(statements)
    if settings.isolation == "snapshot":
        lock = rows.lock() if settings.split and settings.split.lock else None
        sessions = at_once(session, len(statements), rows.touch(), lock)
    return [
        Part(statement, rows.shape, share, session=own, opening=opening)
        for own, statement in zip(sessions, statements, strict=True)
    ]


def _most(session: Session, split: Split) -> int:
    """Leave a connection for the lock, which is held while all the parts have theirs."""
    return max(1, session.connection.pool.size - (1 if split.lock else 0))
