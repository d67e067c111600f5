"""What a run would do, found out without changing anything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import attrs
from attrs import frozen

from hygge_core.commit import Table
from hygge_core.engine.aim import aim_at
from hygge_core.engine.opened import Opened
from hygge_core.engine.targets import refuse_shared_targets
from hygge_core.errors import HyggeError
from hygge_core.home import ReadRequest
from hygge_core.store import Remembers


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.commit import Column, CommitRecord
    from hygge_core.config.model import EntityConfig, Project
    from hygge_core.engine.aim import Aim
    from hygge_core.engine.report import Bounds
    from hygge_core.home import Home
    from hygge_core.plugins import Plugins
    from hygge_core.store import Store
    from hygge_core.watermark.window import Backfill


@frozen(kw_only=True)
class TablePlan:
    """What would happen to one table. ``error`` says why nothing would, and is empty otherwise.

    ``mode`` is how the rows would become part of the table and ``watermark`` which of them;
    ``columns`` are the polished names with their dtypes, ``changes`` what differs from the last
    commit, ``last`` when that was and how many rows it brought.
    """

    flow: str
    entity: str
    run_type: str
    source: str = ""
    target: str = ""
    mode: str = ""
    watermark: Bounds | None = None
    columns: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    last: str = ""
    error: str = ""
    exit_code: int = 0


def plan(
    project: Project, plugins: Plugins, entities: Sequence[EntityConfig], *, backfill: Backfill | None = None
) -> Iterator[TablePlan]:
    """Yield the plan of each table. Opens homes and stores, reads schemas and high marks, writes nothing."""
    with Opened.to_look(project, plugins) as opened:
        refuse_shared_targets(opened, entities)
        for entity in entities:
            yield _plan(opened, entity, backfill)


def _plan(opened: Opened, entity: EntityConfig, backfill: Backfill | None) -> TablePlan:
    planned = TablePlan(flow=entity.flow, entity=entity.name, run_type=entity.run_type)
    try:
        home, store = opened.home(entity.home), opened.store(entity.store)
        table, request = Table(name=entity.name, flow=entity.flow), _request(entity)
        planned = attrs.evolve(planned, source=home.locate(request), target=store.locate(table))
        last = store.last(table) if isinstance(store, Remembers) else None
        planned = attrs.evolve(planned, last=_told(last))
        aim = aim_at(entity, home, last, request, backfill)
        return _looked_at(planned, entity, aim, home, store)
    except HyggeError as error:
        return attrs.evolve(planned, error=str(error), exit_code=error.exit_code)


def _looked_at(planned: TablePlan, entity: EntityConfig, aim: Aim, home: Home, store: Store) -> TablePlan:
    from hygge_core.engine.passage import passage_of

    reading = home.read(aim.request)
    try:
        passage = passage_of(entity, aim, reading, store=store, where=planned.source, now=datetime.now(UTC))
    finally:
        reading.close()
    columns = passage.table.columns
    return attrs.evolve(
        planned,
        mode=aim.mode,
        watermark=passage.bounds,
        columns=tuple(f"{column.name}: {column.dtype}" for column in columns),
        changes=_changes(entity, aim, columns),
        warnings=passage.window.warnings if passage.window else (),
    )


def _changes(entity: EntityConfig, aim: Aim, columns: Sequence[Column]) -> tuple[str, ...]:
    from hygge_core.drift import compare

    if aim.last is None:
        return ()
    return compare(aim.last.table.columns, columns).check(entity.on_drift, mode=aim.mode, where=entity.path)


def _request(entity: EntityConfig) -> ReadRequest:
    return ReadRequest(entity=entity.name, flow=entity.flow)


def _told(last: CommitRecord | None) -> str:
    if last is None or last.committed_at is None:
        return "never committed"
    return f"{last.committed_at:%Y-%m-%d %H:%M:%S} UTC, {last.rows:,} row{'s' * (last.rows != 1)}"
