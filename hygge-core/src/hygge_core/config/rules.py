"""What the keys of a table demand of one another: an incremental run of its watermark, deletes of a way to delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.config.model import JournalPlace, SoftDeletes
from hygge_core.config.suggest import did_you_mean


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.config.model import ProjectTable, TableConfig
    from hygge_core.config.node import Node, Place
    from hygge_core.errors import Problem


def contradictions(table: TableConfig, settings: Node) -> Iterator[Problem]:
    """Find keys that do not go together, each where it is written."""
    yield from _of_run_type(table, settings)
    yield from _of_watermark(table, settings)
    yield from _of_deletes(table, settings)
    yield from _of_changes(table, settings)


def unknown_connections(project: ProjectTable, settings: Node) -> Iterator[Problem]:
    """Find what the options name of connections that the project does not have."""
    journal = project.options.journal
    if isinstance(journal, JournalPlace) and journal.connection not in project.connections:
        fix = did_you_mean(journal.connection, project.connections) or f"add [connections.{journal.connection}]"
        yield _place(settings, "options", "journal", "connection").problem("the project has no such connection", fix)


@frozen
class Lack:
    """What keeps a table from being moved incrementally, what to do about it, and the key that it is about."""

    what: str
    fix: str
    key: tuple[str, ...]


def incremental_lacks(table: TableConfig) -> Lack | None:
    """Find what keeps a table from being moved incrementally; None when nothing does."""
    if table.follows_changes:
        return _changes_lack(table)
    if table.watermark is None:
        fix = 'add watermark = { column = "...", key = ["..."] }'
        return Lack("an incremental run needs a watermark", fix, ("run_type",))
    if not table.watermark.key:
        return Lack("an incremental run needs the key of a row", 'add key = ["..."]', ("watermark", "key"))
    if table.deletes is not None and table.write != "upsert":
        what = 'write = "append" keeps every version of a row, deleted or not'
        return Lack(what, 'use write = "upsert", or run_type = "full_drop"', ("deletes",))
    return None


def _changes_lack(table: TableConfig) -> Lack | None:
    """Find what keeps a table from following the changes that its source records."""
    if table.write != "upsert":
        what = "the changes that a source records are rows that replace others, and keys that go"
        return Lack(what, 'add write = "upsert"', ("write",))
    return None


def _of_changes(table: TableConfig, settings: Node) -> Iterator[Problem]:
    if not table.follows_changes:
        return
    if table.run_type == "append":
        what = "the changes that a source records replace rows, and this adds them"
        yield _place(settings, "run_type").problem(what, 'use run_type = "incremental" with write = "upsert"')
    if table.watermark is not None:
        what = "the home counts changes by itself, so there is no column to go by"
        yield _place(settings, "watermark").problem(what, "leave it out")
    if table.deletes is not None:
        yield _place(settings, "deletes").problem("the home tells deletes among its changes", "leave it out")


def _of_run_type(table: TableConfig, settings: Node) -> Iterator[Problem]:
    if table.run_type == "incremental" and (lack := incremental_lacks(table)):
        yield _place(settings, *lack.key).problem(lack.what, lack.fix)
    if table.run_type == "append" and table.write == "upsert":
        what = 'run_type = "append" adds every row, so none is replaced'
        yield _place(settings, "write").problem(what, 'use run_type = "incremental", or leave write out')


def _of_watermark(table: TableConfig, settings: Node) -> Iterator[Problem]:
    config = table.watermark
    if config is None:
        return
    if not config.column:
        yield _place(settings, "watermark", "column").problem("must not be empty")
    if isinstance(config.lag, int) and config.lag < 0:
        yield _place(settings, "watermark", "lag").problem(f"must be >= 0: {config.lag}")
    if twice := next((name for name in config.key if config.key.count(name) > 1), None):
        yield _place(settings, "watermark", "key").problem(f"column {twice!r} is named twice", "name it once")


def _of_deletes(table: TableConfig, settings: Node) -> Iterator[Problem]:
    if table.deletes is None:
        return
    if isinstance(table.deletes, SoftDeletes) and not table.deletes.soft:
        yield _place(settings, "deletes", "soft").problem("must not be empty", "name the column that marks them")
    if table.run_type == "append":
        what = 'run_type = "append" never takes rows away'
        yield _place(settings, "deletes").problem(what, 'use run_type = "incremental" with write = "upsert"')


def _place(settings: Node, *path: str) -> Place:
    """Find where a key is written, or where it would be."""
    place, node = settings.place, settings
    for key in path:
        inner = node.value.get(key) if isinstance(node.value, dict) else None
        place, node = (inner.place, inner) if inner else (place.under(key), settings)
    return place
