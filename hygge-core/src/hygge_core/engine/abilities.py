"""Refusing what a home or store cannot do, before anything is staged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.errors import HomeError, UsageError
from hygge_core.store import ReadsRows, Remembers


if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygge_core.commit import Mode, Table
    from hygge_core.config.model import EntityConfig
    from hygge_core.store import Capabilities, Store


def demand_modes(entity: EntityConfig, mode: Mode, store: Store) -> None:
    """Raise `UsageError` for a store that cannot commit this way, or as the runs after the first will."""
    for wanted in (mode, entity.write) if entity.run_type == "incremental" else (mode,):
        if wanted not in store.capabilities.modes:
            raise UsageError(
                f"this store cannot {wanted}: {_reason(store.capabilities, wanted)}",
                where=entity.path,
                fix="choose another run_type, or another layout of the store",
            )


def demand_memory(entity: EntityConfig, store: Store) -> None:
    """Raise `UsageError` for a store that does not show what an incremental run must know of the table."""
    if entity.run_type != "incremental":
        return
    if not isinstance(store, Remembers):
        what = "this store does not remember its commits, so an incremental run cannot know where to begin"
        raise UsageError(what, where=entity.path, fix='use run_type = "full_drop"')
    if entity.write == "append" and not isinstance(store, ReadsRows):
        what = "this store cannot show its rows, so an incremental append cannot leave out those that are there already"
        raise UsageError(what, where=entity.path, fix='use run_type = "full_drop", or write = "upsert"')


def demand_columns(table: Table, where: str) -> None:
    """Raise `HomeError` for a table without columns."""
    if not table.columns:
        raise HomeError("has no columns", where=where, fix="check that this is the right source")


def demand_version(entity: EntityConfig, names: Mapping[str, str]) -> None:
    """Raise `UsageError` when the polish leaves out what tells rows apart. ``names`` are those that it keeps."""
    config = entity.watermark
    if entity.run_type != "incremental" or config is None:
        return
    needed = config.key if entity.write == "upsert" else (*config.key, config.column)
    demand_kept(needed, names, entity.path)


def demand_kept(needed: Iterable[str], names: Mapping[str, str], path: str) -> None:
    """Raise `UsageError` unless the polish keeps all the ``needed`` columns of an entity, given as ``flow.entity``."""
    if gone := [name for name in needed if name not in names]:
        raise UsageError(
            f"the polish leaves out {', '.join(map(repr, gone))}, by which an incremental run tells rows apart",
            where=f"{path}: polish",
            fix="keep it; it may be renamed",
        )


def _reason(capabilities: Capabilities, mode: Mode) -> str:
    promises = {
        "append": capabilities.atomic_append,
        "replace": capabilities.atomic_replace,
        "upsert": capabilities.atomic_upsert,
    }
    return promises[mode].reason
