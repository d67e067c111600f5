"""Which keys one attempt takes out of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from hygge_core.deletes.source import source_keys
from hygge_core.deletes.stored import gone_keys, present_keys, without
from hygge_core.errors import HomeError, UsageError
from hygge_core.store import ReadsKeys, ReadsRows


if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from hygge_core.engine.passage import Passage
    from hygge_core.engine.task import TableTask


@frozen(kw_only=True)
class Deleted:
    """What was found: ``keys`` under their names in the store, None when there are none."""

    keys: pl.DataFrame | None = None
    warnings: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the keys name."""
        return 0 if self.keys is None else self.keys.height


def deleted_keys(task: TableTask, passage: Passage, incoming: Callable[[], pl.LazyFrame] | None) -> Deleted | None:
    """Find the keys whose rows go and do not come again with ``incoming``; None where deletes are not followed.

    To be called when the rows are staged.  Raises `HomeError` or `StoreError` when keys
    cannot be compared, and for a source without rows as ``on_empty`` says.
    """
    tells = passage.marked is not None or passage.changes is not None
    if passage.table.mode != "upsert" or not (tells or task.entity.deletes):
        return None
    found = Deleted(keys=_present(task, passage)) if tells else _gone(task, passage)
    if found.keys is None or incoming is None:
        return found
    keys = without(found.keys, incoming())
    return Deleted(keys=keys if keys.height else None)


def _present(task: TableTask, passage: Passage) -> pl.DataFrame | None:
    """Return the keys that the source tells; those alone that the table has, where the store can tell."""
    keys = _told(passage)
    table = _stored(task, passage)
    if keys is None or table is None:
        return keys
    return present_keys(table, keys, where=task.store.locate(passage.table))


def _told(passage: Passage) -> pl.DataFrame | None:
    """Return the keys of rows that were marked, or that the source recorded as deleted."""
    if passage.changes is None:
        return passage.marked.keys() if passage.marked else None
    keys = passage.changes.deleted().rename(passage.home_key)
    return keys if keys.height else None


def _gone(task: TableTask, passage: Passage) -> Deleted:
    """Compare all keys of the source with those of the table."""
    if not isinstance(task.store, ReadsKeys | ReadsRows):
        what = "this store cannot tell which keys a table has, so nothing can find those that are gone"
        raise UsageError(what, where=task.entity.path, fix='leave deletes out, or use run_type = "full_drop"')
    table = _stored(task, passage)
    if table is None:
        return Deleted()
    where = task.home.locate(task.request)
    keys = source_keys(task.home, task.request, passage.home_key, where=where, check=task.stop.check)
    if keys.height == 0 and task.entity.on_empty != "publish":
        return _kept(task, where)
    return Deleted(keys=gone_keys(table, keys, where=task.store.locate(passage.table)))


def _stored(task: TableTask, passage: Passage) -> pl.LazyFrame | None:
    """Return what the store shows of the table that holds its keys at least; None when it shows nothing."""
    if isinstance(task.store, ReadsKeys):
        return task.store.keys(passage.table, passage.key)
    return task.store.rows(passage.table) if isinstance(task.store, ReadsRows) else None


def _kept(task: TableTask, where: str) -> Deleted:
    what, fix = "holds no rows", 'if the table should be emptied, set on_empty = "publish"'
    if task.entity.on_empty == "fail":
        raise HomeError(what, where=where, fix=fix)
    return Deleted(warnings=(f"{where}: {what}, so nothing was deleted; {fix}",))
