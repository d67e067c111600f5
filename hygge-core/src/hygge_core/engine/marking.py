"""A person's hand on a watermark: a commit without parts, made as carefully as one with."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from hygge_core.commit import CommitRecord, Table, TableRun
from hygge_core.errors import UsageError
from hygge_core.home import ReadRequest
from hygge_core.journal.identity import new_id
from hygge_core.mark import Watermark
from hygge_core.store import Leases, Recovers, Remembers


if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from hygge_core.commit import Origin, Receipt
    from hygge_core.config.model import EntityConfig
    from hygge_core.engine.opened import Opened
    from hygge_core.mark import Mark
    from hygge_core.store import Store
    from hygge_core.watermark.config import WatermarkConfig


@frozen(kw_only=True)
class Moved:
    """A watermark that was moved: ``old`` is what the table had, None for none."""

    old: Watermark | None
    new: Watermark
    receipt: Receipt


def move_watermark(opened: Opened, entity: EntityConfig, mark: Mark | None, *, origin: Origin, by: str) -> Moved:
    """Commit a new watermark and nothing else; None makes the next run read from the beginning.

    Raises `UsageError` for a table that has no watermark to move, and what the store raises:
    `Locked` while another writer holds the table.
    """
    store, followed = opened.store(entity.store), _followed(entity)
    run = TableRun(id=new_id(), flow=entity.flow, entity=entity.name, started=datetime.now(UTC))
    with _held(store, _table(entity), run):
        if isinstance(store, Recovers):
            store.recover(_table(entity))
        last = last_commit(opened, entity)
        new = Watermark(column=followed.column, key=tuple(followed.key), mark=mark)
        table = evolve(_table(entity), columns=last.table.columns)
        receipt = _commit(store, CommitRecord(run=run, table=table, parts=(), watermark=new, origin=origin, by=by))
    return Moved(old=last.watermark, new=new, receipt=receipt)


def last_commit(opened: Opened, entity: EntityConfig) -> CommitRecord:
    """Return the commit that holds the present watermark. Raises `UsageError` where none can be moved."""
    _followed(entity)
    store = opened.store(entity.store)
    if not isinstance(store, Remembers):
        raise UsageError("its store remembers no commits", where=entity.path, fix="use a store that does")
    if "append" not in store.capabilities.modes:
        raise UsageError(
            f"this store cannot change a watermark alone: {store.capabilities.atomic_append.reason}",
            where=entity.path,
            fix=f"load it anew: `hygge go --full-drop --entity {entity.path}`",
        )
    last = store.last(_table(entity))
    if last is None:
        raise UsageError(
            "was never committed, so it has no watermark yet",
            where=entity.path,
            fix=f"run `hygge go --entity {entity.path}`, or say where the first run begins with watermark.initial",
        )
    return last


def parse_watermark(opened: Opened, entity: EntityConfig, text: str) -> Mark:
    """Read what a person typed as a value of the entity's watermark column. Raises `UsageError`."""
    from hygge_core.watermark.marks import parse_mark

    dtype = watermark_dtype(opened, entity)
    try:
        return parse_mark(text, dtype)
    except ValueError as error:
        column = _followed(entity).column
        raise UsageError(
            f"{text!r} is no value of {column!r}, a column of {dtype}: {error}",
            where=entity.path,
            fix="write it as `hygge journal watermarks` shows it",
        ) from error


def watermark_dtype(opened: Opened, entity: EntityConfig) -> str:
    """Return the dtype of the watermark column: as it was committed, else as the home has it now."""
    followed, last = _followed(entity), last_commit(opened, entity)
    if last.watermark and last.watermark.mark and last.watermark.column == followed.column:
        return last.watermark.mark.dtype
    columns = dict(_columns(opened, entity))
    if followed.column not in columns:
        raise UsageError(
            f"the home has no column {followed.column!r}",
            where=entity.path,
            fix=f"its columns are {', '.join(columns)}; mend watermark.column",
        )
    return columns[followed.column]


def _columns(opened: Opened, entity: EntityConfig) -> Iterator[tuple[str, str]]:
    from hygge_core.schema import columns_of

    reading = opened.home(entity.home).read(ReadRequest(entity=entity.name, flow=entity.flow))
    try:
        yield from ((column.name, column.dtype) for column in columns_of(reading.schema))
    finally:
        reading.close()


def _followed(entity: EntityConfig) -> WatermarkConfig:
    if entity.watermark is None:
        raise UsageError(
            "is not followed by a watermark",
            where=entity.path,
            fix='give the flow or the entity a watermark, such as { column = "ModifiedAt", key = ["Id"] }',
        )
    return entity.watermark


def _commit(store: Store, record: CommitRecord) -> Receipt:
    stage = store.stage(record.table, record.run)
    try:
        return stage.commit(stage.seal(()), record)
    except BaseException:
        stage.abort()
        raise


def _held(store: Store, table: Table, run: TableRun) -> AbstractContextManager[object]:
    return store.lease(table, run) if isinstance(store, Leases) else nullcontext()


def _table(entity: EntityConfig) -> Table:
    return Table(name=entity.name, flow=entity.flow, mode="append")
