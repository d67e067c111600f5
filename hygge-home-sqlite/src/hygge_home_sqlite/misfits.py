"""Finding the first value of a column that cannot be read, for errors that say where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from hygge_core.sql import chunks, select
from hygge_home_sqlite.config import SQLITE
from hygge_home_sqlite.values import Misfit, read, stored, text_of


if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hygge_core.sql import Statement
    from hygge_home_sqlite.columns import Column
    from hygge_home_sqlite.snapshot import Snapshot
    from hygge_home_sqlite.source import Source


_SHOWN = 60
_LOOKED_AT = 1 << 20


@frozen(kw_only=True)
class Place:
    """A value and where it stands: in the row with an id, or in the n-th row that was read."""

    row: str
    value: Any

    def __str__(self) -> str:
        text = text_of(self.value) or ""
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        return f"{self.row} holds {shown!r}" if isinstance(self.value, str) else f"{self.row} holds {shown}"


def misfit(snapshot: Snapshot, source: Source, column: Column, where: Statement | None = None) -> Place | None:
    """Find the first value that does not fit the dtype of its column, None when all fit."""

    def fit(values: Sequence[Any]) -> bool:
        try:
            read(stored(values, column.dtype, any_as_text=column.any_as_text), column.dtype)
        except Misfit:
            return False
        return True

    return _first(snapshot, source, column, where, fit)


def undecodable(snapshot: Snapshot, source: Source, column: Column, where: Statement | None = None) -> Place | None:
    """Find the first text that is not UTF-8; the snapshot must let such texts through."""

    def decoded(values: Sequence[Any]) -> bool:
        try:
            "".join(value for value in values if isinstance(value, str)).encode()
        except UnicodeEncodeError:
            return False
        return True

    return _first(snapshot, source, column, where, decoded)


def _first(
    snapshot: Snapshot,
    source: Source,
    column: Column,
    where: Statement | None,
    good: Callable[[Sequence[Any]], bool],
) -> Place | None:
    """Find the first value that is not good."""
    statement = select(SQLITE, [column.sql, source.row_id or "NULL"], source.text, where)
    before = 0
    with snapshot.told():
        for rows in chunks(snapshot.run(statement), 2, [0], _LOOKED_AT):
            if not good([value for value, _ in rows]):
                at = next(at for at, (value, _) in enumerate(rows) if not good([value]))
                value, row_id = rows[at]
                row = f"{source.row_id} {row_id}" if source.row_id else f"row {before + at + 1:,}"
                return Place(row=row, value=value)
            before += len(rows)
    return None
