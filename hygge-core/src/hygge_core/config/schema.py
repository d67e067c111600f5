"""The JSON Schema of ``hygge.toml`` and of flow files, for editors.

It cannot know of merging, so where an entity has a ``home`` or ``store`` of its own, the
flow's is checked without asking for every required key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hygge_core.config.model import ConnectionConfig, HomeConfig, ProjectTable, StoreConfig, TableConfig
from hygge_core.config.schema_types import describe_class
from hygge_core.errors import PluginError


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core.plugin import ConnectionType, HomeType, StoreType
    from hygge_core.plugins import Plugins

    Schema = dict[str, Any]
    Kind = HomeType | StoreType | ConnectionType


DIALECT = "https://json-schema.org/draft/2020-12/schema"
_OVERLAID = ("home", "store")
_ENTITIES = "The tables of the flow, as names or as tables of keys; without it, one named like the flow."


def json_schema(plugins: Plugins) -> dict[str, object]:
    """Describe the files with the keys of every installed plugin, in JSON Schema 2020-12.

    One schema serves both kinds of files: what has a ``home``, ``store`` or ``entities`` at its top is a
    flow file.  ``type`` decides which other keys a home, store or connection may have.
    """
    return {
        "$schema": DIALECT,
        "title": "hygge",
        "type": "object",
        "if": {"anyOf": [{"required": [key]} for key in (*_OVERLAID, "entities")]},
        "then": _reference("flow"),
        "else": _reference("project"),
        "$defs": {
            "project": _project(),
            "flow": _flow(),
            "entity": _entity(),
            "home": _kinds(plugins.homes.values(), "Where the rows come from."),
            "home_part": _parts(plugins.homes.values()),
            "store": _kinds(plugins.stores.values(), "Where the rows settle."),
            "store_part": _parts(plugins.stores.values()),
            "connection": _kinds(plugins.connections.values(), "A way to a server."),
        },
    }


def _project() -> Schema:
    special = {ConnectionConfig: _reference("connection")}
    project = describe_class(ProjectTable, special)
    flows = {"type": "object", "additionalProperties": _reference("flow"), "description": "Flows, by name."}
    project["properties"]["flows"] = flows
    return project


def _flow() -> Schema:
    """Describe a flow: complete by itself, unless an entity adds to its home or store."""
    flow = _table({key: {"type": "object"} for key in _OVERLAID})
    flow.pop("required")
    entities = {"type": "array", "minItems": 1, "items": _reference("entity"), "description": _ENTITIES}
    flow["properties"]["entities"] = entities
    flow["allOf"] = [_complete_unless_overlaid(key) for key in _OVERLAID]
    return flow


def _complete_unless_overlaid(key: str) -> Schema:
    adds = {"type": "array", "contains": {"type": "object", "required": [key]}}
    return {
        "if": {"required": ["entities"], "properties": {"entities": adds}},
        "then": {"properties": {key: _reference(f"{key}_part")}},
        "else": {"required": [key], "properties": {key: _reference(key)}},
    }


def _entity() -> Schema:
    entity = _table({key: _reference(f"{key}_part") for key in _OVERLAID})
    name = {"type": "string", "minLength": 1, "description": "The entity's name."}
    entity["properties"] = {"name": name, **entity["properties"]}
    entity["required"] = ["name"]
    return {"anyOf": [{"type": "string", "minLength": 1}, entity]}


def _table(overlaid: dict[str, Schema]) -> Schema:
    return describe_class(TableConfig, {HomeConfig: overlaid["home"], StoreConfig: overlaid["store"]})


def _kinds(kinds: Iterable[Kind], description: str) -> Schema:
    """Describe a table that is complete: one alternative for each type."""
    return {
        "description": description,
        "type": "object",
        "required": ["type"],
        "oneOf": [*map(_kind, kinds)] or [False],
    }


def _parts(kinds: Iterable[Kind]) -> Schema:
    """Describe a table that another is laid under or over: no key has to be there."""
    parts = [_kind(kind) for kind in kinds]
    for part in parts:
        part["required"] = []
    return {"type": "object", "anyOf": parts or [False]}


def _kind(kind: Kind) -> Schema:
    try:
        described = describe_class(kind.config, {})
    except PluginError as error:
        described = {"type": "object", "properties": {}, "description": f"cannot be described: {error}"}
    described["properties"] = {"type": {"const": kind.name}, **described["properties"]}
    described["required"] = ["type", *described.get("required", ())]
    return {**described, "description": kind.summary} if kind.summary else described


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}
