"""Choosing entities by ``--flow`` and ``--entity``."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from attrs import evolve

from hygge_core.config.rules import incremental_lacks
from hygge_core.errors import UsageError


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.config.model import EntityConfig, Project


_MOST_SHOWN = 8
_GLOB = frozenset("*?[")


def select(project: Project, flows: Sequence[str], entities: Sequence[str]) -> tuple[EntityConfig, ...]:
    """Choose entities in the project's order: of these flows, and among them these entities.

    Both are lists of names or globs, each of which may hold several joined by commas;
    empty means all.  Raises `UsageError` for a name that chooses nothing, with the nearest
    ones, and for a bare entity name that several flows have.
    """
    names = [flow.name for flow in project.flows]
    wanted_flows = {name for wish in _wishes(flows) for name in _flows(wish, names)}
    candidates = [entity for entity in project.entities if not flows or entity.flow in wanted_flows]
    wanted = {path for wish in _wishes(entities) for path in _paths(wish, candidates)}
    return tuple(entity for entity in candidates if not entities or entity.path in wanted)


def incrementally(entities: Sequence[EntityConfig], option: str) -> tuple[EntityConfig, ...]:
    """Have entities moved incrementally, whatever their flows say. Raises `UsageError` naming those that cannot be."""
    lacks = {entity.path: lack for entity in entities if (lack := incremental_lacks(entity))}
    if lacks:
        first = next(iter(lacks.values()))
        alike = [path for path, lack in lacks.items() if lack == first]
        raise UsageError(first.what, where=f"{option} ({_some(alike)})", fix=first.fix)
    return tuple(evolve(entity, run_type="incremental") for entity in entities)


def _wishes(values: Sequence[str]) -> Iterator[str]:
    for value in values:
        yield from filter(None, (part.strip() for part in value.split(",")))


def _flows(wish: str, names: Sequence[str]) -> list[str]:
    found = [name for name in names if name == wish] or _matching(wish, names)
    return found or _nothing("--flow", "flow", wish, names)


def _paths(wish: str, candidates: Sequence[EntityConfig]) -> list[str]:
    paths = [entity.path for entity in candidates]
    if wish in paths:
        return [wish]
    bare = [entity.path for entity in candidates if entity.name == wish]
    if len(bare) > 1:
        raise UsageError(f"{wish!r} is in several flows", where="--entity", fix=f"say which: {', '.join(bare)}")
    known = [*paths, *(entity.name for entity in candidates)]
    return bare or _matching(wish, paths) or _nothing("--entity", "entity", wish, known)


def _matching(wish: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if fnmatchcase(name, wish)] if _GLOB & set(wish) else []


def _nothing(option: str, noun: str, wish: str, known: Sequence[str]) -> list[str]:
    near = get_close_matches(wish, known, n=1)
    fix = f"did you mean {near[0]!r}?" if near else f"there are {_some(known)}"
    raise UsageError(f"no {noun} is called {wish!r}", where=option, fix=fix)


def _some(names: Sequence[str], most: int = _MOST_SHOWN) -> str:
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown or "none"
