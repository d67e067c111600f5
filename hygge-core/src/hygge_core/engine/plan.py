"""What a run would do, found out without changing anything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs
from attrs import frozen

from hygge_core.commit import Table
from hygge_core.engine.opened import Opened
from hygge_core.engine.targets import refuse_shared_targets
from hygge_core.engine.task import mode_of
from hygge_core.errors import HyggeError
from hygge_core.home import ReadRequest
from hygge_core.store import Remembers


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.commit import Column, CommitRecord
    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.home import Home
    from hygge_core.plugins import Plugins
    from hygge_core.store import Store


_MEMORY = 64 << 20


@frozen(kw_only=True)
class TablePlan:
    """What would happen to one table. ``error`` says why nothing would, and is empty otherwise.

    ``columns`` are the polished names with their dtypes, ``changes`` what differs from the
    last commit, ``last`` when that was and how many rows it brought.
    """

    flow: str
    entity: str
    run_type: str
    source: str = ""
    target: str = ""
    columns: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    last: str = ""
    error: str = ""
    exit_code: int = 0


def plan(project: Project, plugins: Plugins, entities: Sequence[EntityConfig]) -> Iterator[TablePlan]:
    """Yield the plan of each table. Opens homes and stores, reads schemas, writes nothing."""
    with Opened(project.root, project.connections, plugins, _MEMORY) as opened:
        refuse_shared_targets(opened, entities)
        for entity in entities:
            yield _plan(opened, entity)


def _plan(opened: Opened, entity: EntityConfig) -> TablePlan:
    planned = TablePlan(flow=entity.flow, entity=entity.name, run_type=entity.run_type)
    try:
        home, store = opened.home(entity.home), opened.store(entity.store)
        table = Table(name=entity.name, flow=entity.flow, mode=mode_of(entity))
        planned = attrs.evolve(planned, source=home.locate(_request(entity)), target=store.locate(table))
        return _compared(planned, entity, table, home, store)
    except HyggeError as error:
        return attrs.evolve(planned, error=str(error), exit_code=error.exit_code)


def _compared(planned: TablePlan, entity: EntityConfig, table: Table, home: Home, store: Store) -> TablePlan:
    from hygge_core.drift import compare

    columns = _columns(entity, home)
    last = store.last(table) if isinstance(store, Remembers) else None
    changes: tuple[str, ...] = ()
    if last is not None:
        drift = compare(last.table.columns, columns)
        changes = drift.check(entity.on_drift, mode=table.mode, where=entity.path)
    return attrs.evolve(
        planned,
        columns=tuple(f"{column.name}: {column.dtype}" for column in columns),
        changes=changes,
        last=_told(last),
    )


def _columns(entity: EntityConfig, home: Home) -> tuple[Column, ...]:
    from hygge_core.polish import Polish
    from hygge_core.schema import columns_of

    reading = home.read(_request(entity))
    try:
        return columns_of(Polish.compile(entity.polish, reading.schema, now=datetime.now(UTC)).schema)
    finally:
        reading.close()


def _request(entity: EntityConfig) -> ReadRequest:
    return ReadRequest(entity=entity.name, flow=entity.flow)


def _told(last: CommitRecord | None) -> str:
    if last is None or last.committed_at is None:
        return "never committed"
    return f"{last.committed_at:%Y-%m-%d %H:%M:%S} UTC, {last.rows:,} rows"
