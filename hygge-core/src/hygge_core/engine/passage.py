"""What is fixed of a table run once its source is open: columns, rows, and what the store has of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from hygge_core.checks import demand_checkable
from hygge_core.commit import Table
from hygge_core.config.model import SoftDeletes
from hygge_core.deletes.marked import marked_by
from hygge_core.engine.abilities import demand_columns, demand_kept, demand_memory, demand_version
from hygge_core.engine.report import Bounds
from hygge_core.errors import HomeError, UsageError
from hygge_core.home import FollowsChanges
from hygge_core.polish import Polish
from hygge_core.schema import columns_of
from hygge_core.store import ReadsRows
from hygge_core.watermark.boundary import Boundary, versions
from hygge_core.watermark.window import window_of


if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import polars as pl

    from hygge_core.config.model import EntityConfig
    from hygge_core.deletes.marked import Marked
    from hygge_core.engine.aim import Aim
    from hygge_core.home import Reading
    from hygge_core.mark import Mark, Range, Watermark
    from hygge_core.store import Store
    from hygge_core.watermark.window import Window


@frozen(kw_only=True)
class Passage:
    """The way of one attempt's rows. ``window`` and ``watermark`` are None for a table without a watermark.

    ``key`` is named as in the store; ``marked`` takes out rows that the source marks as deleted.
    ``changes`` is the reading where it tells what changed ``since`` the last commit.
    """

    table: Table
    polish: Polish
    boundary: Boundary
    window: Window | None = None
    watermark: Watermark | None = None
    key: tuple[str, ...] = ()
    marked: Marked | None = None
    changes: FollowsChanges | None = None
    since: Mark | None = None

    @property
    def home_key(self) -> dict[str, str]:
        """The key's columns in the home, each with its name in the store."""
        return {name: polished for name, polished in self.polish.names.items() if polished in self.key}

    @property
    def bounds(self) -> Bounds | None:
        """What the run report says of the range."""
        if self.watermark is None:
            return None
        if self.window is None:
            return _bounds_of_changes(self.watermark, self.since)
        mark, range_ = self.watermark.mark, self.window.range
        return Bounds(
            column=self.watermark.column,
            key=self.watermark.key,
            dtype=self.window.dtype,
            low=range_.low.text if range_ and range_.low else None,
            high=range_.high.text if range_ and range_.high else None,
            mark=mark.text if mark else None,
        )


def passage_of(  # noqa: PLR0913 - what both a run and a plan know of a table
    entity: EntityConfig, aim: Aim, reading: Reading, *, store: Store, where: str, now: datetime
) -> Passage:
    """Fix everything before the first row. Raises `HyggeError` for whatever does not fit together.

    ``where`` names the source in errors, ``now`` is the moment of the run.
    """
    polish = Polish.compile(entity.polish, reading.schema, now=now)
    table = Table(
        name=entity.name,
        flow=entity.flow,
        columns=columns_of(polish.schema),
        mode=aim.mode,
        key=_key_of(entity, polish),
    )
    demand_memory(entity, store)
    demand_columns(table, where)
    if entity.checks is not None:
        demand_checkable(entity.checks, table.columns, where=entity.path)
    if entity.follows_changes:
        return _of_changes(entity, aim, reading, table, polish)
    progress = aim.progress
    if progress is None or aim.request.range is None:
        return Passage(table=table, polish=polish, boundary=Boundary(), marked=_marked(entity, reading, {}))
    window = window_of(reading, aim.request.range, progress, aim.backfill, where)
    demand_version(entity, polish.names)
    key = progress.config.key if aim.mode == "upsert" else ()
    return Passage(
        table=table,
        polish=polish,
        boundary=_boundary(aim, store, table, polish, window.range),
        window=window,
        watermark=progress.come_to(window.mark),
        key=tuple(polish.names.get(name, name) for name in progress.config.key),
        marked=_marked(entity, reading, {name: polish.names[name] for name in key}),
    )


def _key_of(entity: EntityConfig, polish: Polish) -> tuple[str, ...]:
    """Return the key of the entity's watermark as the table has it; none where the polish leaves a part of it out."""
    named = entity.watermark.key if entity.watermark else ()
    key = tuple(polish.names[name] for name in named if name in polish.names)
    return key if len(key) == len(named) else ()


def _of_changes(entity: EntityConfig, aim: Aim, reading: Reading, table: Table, polish: Polish) -> Passage:
    if not isinstance(reading, FollowsChanges):
        what, fix = "the home tells no changes, though its settings ask for them", "report it to the home's author"
        raise HomeError(what, where=entity.path, fix=fix)
    reached, since = reading.reached, aim.request.since
    demand_kept(reached.key, polish.names, entity.path)
    before = aim.last.watermark if aim.last else None
    if since is not None and before is not None and before.key != reached.key:
        raise UsageError(
            f"the key was {', '.join(map(repr, before.key))} so far, and is {', '.join(map(repr, reached.key))}",
            where=entity.path,
            fix=f"load it anew with `hygge go --full-drop --entity {entity.path}`",
        )
    key = tuple(polish.names[name] for name in reached.key)
    return Passage(
        table=evolve(table, key=key),
        polish=polish,
        boundary=Boundary(),
        watermark=reached,
        key=key,
        changes=reading,
        since=since,
    )


def _bounds_of_changes(reached: Watermark, since: Mark | None) -> Bounds | None:
    mark = reached.mark
    if mark is None:
        return None
    low = since.text if since else None
    return Bounds(column=reached.column, key=reached.key, dtype=mark.dtype, low=low, high=mark.text, mark=mark.text)


def _marked(entity: EntityConfig, reading: Reading, key: Mapping[str, str]) -> Marked | None:
    if not isinstance(entity.deletes, SoftDeletes):
        return None
    return marked_by(entity.deletes.soft, reading.schema, key=key, where=entity.path)


def _boundary(aim: Aim, store: Store, table: Table, polish: Polish, wanted: Range | None) -> Boundary:
    """Hold the rows to the range, and to what the store does not show yet.

    An append tells versions of rows by key and mark.  An upsert leaves out only what the
    store shows just so, which is what a quiet source gives again at its last mark; where
    that could be a large part of the table, it replaces rows by themselves instead.
    """
    config = aim.progress.config if aim.progress else None
    if wanted is None or config is None or table.mode == "replace" or not isinstance(store, ReadsRows):
        return Boundary(range=wanted)
    told_by = config.key if table.mode == "append" else tuple(polish.names)
    rows = store.rows(table)
    if rows is None or (table.mode == "upsert" and not _compares(aim, wanted, rows, polish)):
        return Boundary(range=wanted)
    version = [polish.names[name] for name in (*(name for name in told_by if name != config.column), config.column)]
    seen = versions(rows, wanted, version, polish.schema, store.locate(table))
    return Boundary(range=wanted, seen=seen, version=version)


def _compares(aim: Aim, wanted: Range, rows: pl.LazyFrame, polish: Polish) -> bool:
    """Tell whether whole rows are compared: of an ordinary run from a mark on, where all columns are in the table."""
    narrow = aim.backfill is None and wanted.low is not None and not wanted.nulls
    return narrow and wanted.column in polish.names and set(polish.names.values()) <= set(rows.collect_schema())
