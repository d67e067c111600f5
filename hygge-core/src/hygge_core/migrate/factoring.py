"""What all tables of a flow say alike is said once, and each entity keeps what is its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import frozen


if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygge_core.migrate.tables import NewTable


SIDES = ("home", "store")
_NAMED = ("path", "table")
_ENTITY = "{entity}"


@frozen(kw_only=True)
class NewEntity:
    """One entity: its name, what it says of itself, and what is open in it."""

    name: str
    own: dict[str, Any]
    open: tuple[str, ...] = ()


@frozen(kw_only=True)
class NewFlow:
    """One flow of the new project: ``open`` holds what is to be decided, by the key that it is about."""

    name: str
    shared: dict[str, Any]
    entities: tuple[NewEntity, ...]
    open: tuple[tuple[str, str], ...] = ()


def factored(name: str, tables: Sequence[NewTable]) -> NewFlow:
    """Put the tables of a flow together."""
    settings = [dict(table.settings) for table in tables]
    for side in SIDES:
        _templated(side, settings, tables)
    shared = _common(settings)
    everywhere = [one for one in tables[0].open if all(one in table.open for table in tables)]
    entities = tuple(
        NewEntity(
            name=table.name,
            own=_rest(own, shared),
            open=tuple(text for key, text in table.open if (key, text) not in everywhere),
        )
        for table, own in zip(tables, settings, strict=True)
        if table.name is not None
    )
    return NewFlow(name=name, shared=shared, entities=entities, open=tuple(everywhere))


def _templated(side: str, settings: Sequence[dict[str, Any]], tables: Sequence[NewTable]) -> None:
    """Write ``{entity}`` for the name where that makes the paths or tables of all entities one."""
    for key in _NAMED:
        values = [own.get(side, {}).get(key) for own in settings]
        if len(set(map(str, values))) < len(values) or len(values) == 1:
            continue
        templates = {_template(str(value), table.name or "") for value, table in zip(values, tables, strict=True)}
        if len(templates) == 1:
            for own in settings:
                own[side] = own[side] | {key: next(iter(templates))}


def _template(value: str, name: str) -> str:
    """Put the entity's place where its name stands as a word of its own."""
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", _ENTITY, value) if name else value


def _common(settings: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what the tables share; of homes and stores key by key, if all are of one type."""
    shared = _shared([{key: value for key, value in own.items() if key not in SIDES} for own in settings])
    for side in SIDES:
        sides = [own.get(side, {}) for own in settings]
        if all(_same(table.get("type"), sides[0].get("type")) for table in sides):
            shared[side] = _shared(sides)
    return shared


def _shared(tables: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what most tables say of the keys that all of them have; one that says otherwise overrides it."""
    shared = {}
    for key in (key for key in tables[0] if all(key in table for table in tables)):
        values = [table[key] for table in tables]
        often = max(values, key=lambda value: sum(_same(value, other) for other in values))
        if len(tables) == 1 or sum(_same(often, other) for other in values) > 1:
            shared[key] = often
    return shared


def _same(one: Any, other: Any) -> bool:
    """Tell whether two values are written alike; 1 and true are not."""
    return repr(one) == repr(other)


def _says(table: dict[str, Any], key: str, value: Any) -> bool:
    return key in table and _same(table[key], value)


def _rest(own: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    rest: dict[str, Any] = {}
    for key, value in own.items():
        if key in SIDES and key in shared:
            inner = {name: part for name, part in value.items() if not _says(shared[key], name, part)}
            rest |= {key: inner} if inner else {}
        elif not _says(shared, key, value):
            rest[key] = value
    return rest
