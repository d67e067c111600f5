"""One flow: every entity with everything that is said of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import attrs
from attrs import evolve

from hygge_core.config.entities import TABLE_KEYS, check_name, read_entities
from hygge_core.config.fields import unknown_keys
from hygge_core.config.model import EntityConfig, FlowConfig, TableConfig
from hygge_core.config.node import Invalid, Problems
from hygge_core.config.rules import contradictions


if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygge_core.config.entities import Written
    from hygge_core.config.node import Node
    from hygge_core.config.structure import Structure
    from hygge_core.errors import Problem


def read_flow(name: str, node: Node, structure: Structure) -> FlowConfig:
    """Read a flow and its entities. Raises `Invalid` with every problem in it."""
    problems = Problems()
    problems.add(*unknown_keys(node, (*TABLE_KEYS, "entities")))
    with problems:
        check_name(name, node.place)
    written: list[Written] = []
    with problems:
        written = read_entities(node, name, lambda text: structure.read(text, str), problems)
    entities: list[EntityConfig] = []
    with problems:
        entities = _read_each(name, node, written, structure)
    problems.settle()
    _require_places(entities, node)
    return FlowConfig(name=name, file=node.place.file, entities=tuple(entities))


def _read_each(flow: str, node: Node, written: Sequence[Written], structure: Structure) -> list[EntityConfig]:
    """Read the entities; what is wrong with the flow's own keys is told once and not for each of them."""
    failed: dict[Problem, list[Written]] = {}
    entities, complete = [], True
    for entity in written:
        try:
            entities.append(_read_entity(flow, entity, node, structure))
        except Invalid as error:
            complete = False
            for problem in error.problems:
                failed.setdefault(problem, []).append(entity)
    if not complete:
        raise Invalid(_attributed(problem, found, len(written)) for problem, found in failed.items())
    return entities


def _read_entity(flow: str, entity: Written, node: Node, structure: Structure) -> EntityConfig:
    settings = entity.settings(node)
    problems = Problems()
    table: Any = None
    with problems:
        table = structure.read(settings, TableConfig)
    if table is not None:
        problems.add(*contradictions(table, settings))
    problems.settle()
    place = entity.place
    return EntityConfig(
        flow=flow, name=entity.name, file=place.file, line=place.line, **attrs.asdict(table, recurse=False)
    )


def _attributed(problem: Problem, found: Sequence[Written], entities: int) -> Problem:
    """Name the entities that a problem in the flow's keys matters to, unless it is all of them."""
    if len(found) == entities or found[0].wrote(problem):
        return problem
    return evolve(problem, what=f"{problem.what} for {', '.join(repr(entity.name) for entity in found)}")


def _require_places(entities: Sequence[EntityConfig], node: Node) -> None:
    """Refuse several entities that share a store whose settings leave no place for the entity's name.

    Whether two tables truly meet is for the store to say when it is open; this is the
    mistake of a forgotten ``{entity}``, found before anything is opened.
    """
    seen: list[Any] = []
    for entity in entities:
        store = entity.store.value
        texts = list(_texts(attrs.asdict(store)))
        if store in seen and texts and not any("{entity}" in text for text in texts):
            raise node.table.get("store", node).place.invalid(
                "all entities would settle in one place", "put {entity} into the path or table of the store"
            )
        seen.append(store)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str | os.PathLike):
        yield os.fspath(value)
