"""JSON Schema for the types that configuration classes are annotated with.

The counterpart of `hygge_core.config.structure`: what that reads, this describes.  An
attribute is explained by ``metadata={"doc": ...}``, a class by the first paragraph of its docstring.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from operator import attrgetter
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NewType, Union, get_args, get_origin

import attrs

from hygge_core.config.durations import write_duration
from hygge_core.config.fields import attributes_of, key_of
from hygge_core.config.formerly import former_keys
from hygge_core.config.sizes import BYTES
from hygge_core.secret import Secret


if TYPE_CHECKING:
    Schema = dict[str, Any]
    Special = Mapping[Any, Schema]
    """Schemas of types that are described elsewhere."""


_VARIABLE = {"type": "string", "pattern": r"^\$\{[^{}]+\}$", "description": "An environment variable."}
_CONTAINS_VARIABLE = {"type": "string", "pattern": r"\$\{[^{}]+\}"}
_SIZE_TEXT = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?([kKmMgGtT][iI]?)?[bB]$"}
_SIZE = {"anyOf": [{"type": "integer"}, _SIZE_TEXT, _CONTAINS_VARIABLE]}
_DURATION = {"type": "string", "pattern": r"^([0-9]+(\.[0-9]+)?(ms|s|m|h|d|w))+$"}

_SCALARS: dict[Any, Any] = {
    bool: {"anyOf": [{"type": "boolean"}, _VARIABLE]},
    int: {"anyOf": [{"type": "integer"}, _VARIABLE]},
    float: {"anyOf": [{"type": "number"}, _VARIABLE]},
    str: {"type": "string"},
    Path: {"type": "string", "minLength": 1},
    Secret: {"type": "string", "writeOnly": True},
    timedelta: {"anyOf": [_DURATION, _CONTAINS_VARIABLE]},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "format": "time"},
    Any: {},
}


def describe_class(kind: type, special: Special) -> Schema:
    """Describe a table that is read into an attrs class; keys that it shares with other classes come last."""
    attributes = sorted(attributes_of(kind), key=attrgetter("inherited"))  # attrs leaves it out of its stubs
    required = [
        key_of(attribute)
        for attribute in attributes
        if attribute.default is attrs.NOTHING and not former_keys(attribute)  # it may stand under another name
    ]
    described: Schema = {
        "type": "object",
        "properties": {
            key: schema for attribute in attributes for key, schema in _properties(attribute, special).items()
        },
        "additionalProperties": False,
    }
    if required:
        described["required"] = required
    summary = _summary(kind)
    return {"description": summary, **described} if summary else described


def describe(wanted: Any, special: Special) -> Schema:
    """Describe one type."""
    while isinstance(wanted, NewType):
        wanted = wanted.__supertype__
    known = special if wanted in special else _SCALARS
    if wanted in known:
        return dict(known[wanted])
    origin = get_origin(wanted)
    if origin is None and isinstance(wanted, type):
        return _describe_plain(wanted, special)
    if origin is Annotated:
        return _SIZE if BYTES in wanted.__metadata__ else describe(wanted.__origin__, special)
    if origin is Literal:
        return _choices(get_args(wanted))
    if origin in (Union, UnionType):
        return _describe_union(get_args(wanted), special)
    return _describe_collection(origin, get_args(wanted), special)


def _describe_plain(wanted: type, special: Special) -> Schema:
    if issubclass(wanted, Enum):
        return _choices([member.value for member in wanted])
    if attrs.has(wanted):
        return describe_class(wanted, special)
    return _describe_collection(wanted, (), special)


def _describe_union(members: tuple[Any, ...], special: Special) -> Schema:
    described = [describe(member, special) for member in members if member is not NoneType]
    return described[0] if len(described) == 1 else {"anyOf": described}


def _describe_collection(origin: Any, arguments: tuple[Any, ...], special: Special) -> Schema:
    if origin in (dict, Mapping):
        _, inner = arguments or (str, Any)
        return {"type": "object", "additionalProperties": describe(inner, special)}
    if origin is tuple and arguments and arguments[-1] is not Ellipsis:
        items = [describe(element, special) for element in arguments]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    if isinstance(origin, type) and issubclass(origin, Collection):
        return {"type": "array", "items": describe(next(iter(arguments), Any), special)}
    return {}


def _choices(values: Collection[Any]) -> Schema:
    return {"anyOf": [{"enum": list(values)}, _CONTAINS_VARIABLE]}


def _describe_attribute(attribute: attrs.Attribute[Any], special: Special) -> Schema:
    described = dict(describe(Any if attribute.type is None else attribute.type, special))
    if "doc" in attribute.metadata:
        described["description"] = attribute.metadata["doc"]
    if deprecation := attribute.metadata.get("deprecated"):
        described |= {"deprecated": True, "description": str(deprecation)}
    default = attribute.default
    if isinstance(default, timedelta):
        described["default"] = write_duration(default)
    elif isinstance(default, str | int | float | bool | list | tuple) and _is_json(default):
        described["default"] = default
    return described


def _properties(attribute: attrs.Attribute[Any], special: Special) -> Schema:
    """Describe a key under its name, and under each name that it had."""
    described = _describe_attribute(attribute, special)
    former = {
        key: {**described, "deprecated": True, "description": str(deprecation)}
        for key, deprecation in former_keys(attribute).items()
    }
    return {key_of(attribute): described, **former}


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def _summary(kind: type) -> str:
    """Take the first paragraph of a class's docstring; attrs and dataclasses write none of their own."""
    paragraph = (inspect.getdoc(kind) or "").split("\n\n")[0]
    return " ".join(paragraph.split())
