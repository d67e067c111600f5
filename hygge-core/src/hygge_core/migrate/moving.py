"""Relative paths keep pointing where they pointed, also from another folder."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from attrs import evolve

from hygge_core.migrate.factoring import SIDES
from hygge_core.migrate.rules.homes import HOMES
from hygge_core.migrate.rules.stores import STORES


if TYPE_CHECKING:
    from hygge_core.migrate.factoring import NewFlow
    from hygge_core.migrate.ledger import Ledger


_LOCAL = frozenset(area.type for area in (*HOMES.values(), *STORES.values()) if area.local)


def moved(flow: NewFlow, root: Path, into: Path, ledger: Ledger) -> NewFlow:
    """Rewrite the relative paths of a flow for a project that lies in another folder."""
    if root.resolve() == into.resolve():
        return flow
    shared = _paths(flow.shared, flow.shared, root, into, ledger)
    entities = tuple(evolve(one, own=_paths(one.own, flow.shared, root, into, ledger)) for one in flow.entities)
    return evolve(flow, shared=shared, entities=entities)


def _paths(settings: dict[str, Any], shared: dict[str, Any], root: Path, into: Path, ledger: Ledger) -> dict[str, Any]:
    rewritten = dict(settings)
    for side in SIDES:
        table = settings.get(side, {})
        kind = str(table.get("type") or shared.get(side, {}).get("type"))
        if kind in _LOCAL and isinstance(table.get("path"), str):
            rewritten[side] = table | {"path": _seen_from(table["path"], root, into, ledger)}
    return rewritten


def _seen_from(path: str, root: Path, into: Path, ledger: Ledger) -> str:
    if path.startswith("${"):
        ledger.note(
            "Paths that begin with ${...} are as they were: where they are relative, they start from the new folder."
        )
        return path
    if path.startswith("~") or PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute():
        return path
    place = root.resolve() / path
    try:
        return Path(os.path.relpath(place, into.resolve())).as_posix()
    except ValueError:  # another drive of Windows
        return place.as_posix()
