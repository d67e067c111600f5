"""Opening one source in a snapshot: its columns, the rows that were asked for, and what became text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.home import Isolation
from hygge_core.schema import text_of
from hygge_core.sql import all_of
from hygge_home_sqlite.columns import columns_of, demand
from hygge_home_sqlite.frames import Frames
from hygge_home_sqlite.misfits import misfit
from hygge_home_sqlite.ordering import Ordering
from hygge_home_sqlite.parts import RowIdPart, within_part
from hygge_home_sqlite.reading import SqliteReading
from hygge_home_sqlite.source import find


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.home import ReadRequest
    from hygge_core.sql import Statement
    from hygge_home_sqlite.columns import Column
    from hygge_home_sqlite.config import SqliteConfig
    from hygge_home_sqlite.snapshot import Snapshot
    from hygge_home_sqlite.source import Source


def open_reading(snapshot: Snapshot, settings: SqliteConfig, request: ReadRequest) -> SqliteReading:
    """Open what a request asks for. Raises `HomeError`, and leaves closing the snapshot to its owner then."""
    source = find(snapshot, settings, request)
    lenient = settings.on_misfit == "text"
    columns = columns_of(snapshot, source, settings.columns, mixed_as_text=lenient)
    warnings: list[str] = []
    if lenient:
        columns = list(_fitting(snapshot, source, columns, warnings))
    by_name = {column.name: column for column in columns}
    followed = by_name.get(request.range.column) if request.range else None
    return SqliteReading(
        Frames(
            snapshot=snapshot,
            source=source,
            columns=_chosen(by_name, source, request, snapshot.where),
            where=_where(snapshot, source, followed, request),
        ),
        size=request.batch_bytes,
        isolation=Isolation(name="snapshot", snapshot=not isinstance(request, RowIdPart)),
        followed=followed,
        warnings=warnings,
    )


def _chosen(by_name: dict[str, Column], source: Source, request: ReadRequest, where: str) -> Sequence[Column]:
    for name in request.columns:
        demand(name, source, where)
    return [by_name[name] for name in request.columns or by_name]


def _where(snapshot: Snapshot, source: Source, followed: Column | None, request: ReadRequest) -> Statement | None:
    """Keep to the range, if its column is there: the engine has better words for one that is not."""
    known = Ordering(snapshot, source, followed).condition(request.range) if followed and request.range else None
    return all_of([known, within_part(request, source.row_id)])


def _fitting(snapshot: Snapshot, source: Source, columns: Sequence[Column], warnings: list[str]) -> Iterator[Column]:
    """Yield the columns, those as text that hold a value which does not fit. Looks at every value."""
    for column in columns:
        place = misfit(snapshot, source, column)
        if place is not None:
            warnings.append(
                f"column {column.name!r} is read as text: {place}, which does not fit {text_of(column.dtype)}"
            )
        yield column if place is None else column.as_text()
