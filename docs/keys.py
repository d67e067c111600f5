"""The tables of keys in the documentation, from the schema that editors get."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from attrs import frozen

from hygge_core.config import ByteSize
from hygge_core.config.schema import json_schema
from hygge_core.config.schema_types import describe


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.plugins import Plugins

    Schema = dict[str, Any]


KINDS = ("home", "store", "connection")
SIZES, SPANS = describe(ByteSize, {}), describe(timedelta, {})
WORDS = {"boolean": "true or false", "integer": "whole number", "number": "number", "string": "text", "object": "table"}
WORDS |= {"date-time": "date and time", "date": "date", "time": "time", None: "value"}
MOST_ALTERNATIVES = 4
UNITS = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"), (1, "B"))


@frozen
class Keys:
    """The keys of all tables of a project, as JSON Schema describes them."""

    tables: dict[str, Schema]

    @classmethod
    def of(cls, plugins: Plugins) -> Keys:
        """Take them from the schema with the keys of these plugins."""
        defined: dict[str, Any] = json_schema(plugins)["$defs"]  # type: ignore[assignment]
        tables = {name: defined[name] for name in ("project", "flow")}
        tables["options"] = tables["project"]["properties"]["options"]
        for kind in KINDS:
            for one in defined[kind]["oneOf"]:
                tables[f"{kind} {one['properties']['type']['const']}"] = one
        return cls(tables)

    def table(self, request: str) -> str:
        """Write the keys of one table, those of tables in it under dotted names.

        ``request`` is such as ``home csv`` or ``flow watermark``; ``flow without polish`` says that only
        the key ``polish`` is wanted of that table.
        """
        name, _, without = request.partition(" without ")
        name, _, key = (name, "", "") if name in self.tables else name.rpartition(" ")
        prefix, schema = (f"{key}.", self.tables[name]["properties"][key]) if key else ("", self.tables[name])
        rows = [row for row in rows_of(schema, prefix) if not is_below(row[0], without.split())]
        lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
        return "\n".join(lines + [f"| `{key}` | {' | '.join(map(in_cell, rest))} |" for key, *rest in rows])


def rows_of(schema: Schema, prefix: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield key, type, default and meaning of everything that a table may hold, what it must hold first."""
    required = schema.get("required", ())
    for key, described in sorted(schema["properties"].items(), key=lambda item: item[0] not in required):
        if key == "type" and "const" in described:
            continue
        default = "required" if key in required else default_of(described)
        yield prefix + key, type_of(described), default, described["description"]
        for table, many in tables_in(described):
            yield from rows_of(table, f"{prefix}{key}{'[]' if many else ''}.")


def tables_in(schema: Schema) -> Iterator[tuple[Schema, bool]]:
    """Yield the tables that a key may hold, each with whether it may hold many."""
    for one in schema.get("anyOf", [schema]):
        if "properties" in one:
            yield one, False
        elif "properties" in one.get("items", {}):
            yield one["items"], True


def type_of(schema: Schema) -> str:
    """Say in words what a key may be."""
    plain = {key: value for key, value in schema.items() if key not in {"description", "default"}}
    if plain in (SIZES, SPANS):
        return "size" if plain == SIZES else "span of time"
    if "anyOf" in plain:
        return one_of([type_of(one) for one in plain["anyOf"] if not is_variable(one)])
    if "enum" in plain:
        return ", ".join(f"`{json.dumps(value)}`" for value in plain["enum"])
    if plain.get("type") == "array":
        return f"list of {many(type_of(plain['items']))}"
    if "additionalProperties" in plain and "properties" not in plain:
        return f"table of {many(type_of(plain['additionalProperties']))}"
    return scalar_of(plain)


def scalar_of(plain: Schema) -> str:
    """Say what one value is; what is described elsewhere is a table."""
    if "$ref" in plain:
        return "table"
    return "secret" if plain.get("writeOnly") else WORDS[plain.get("format") or plain.get("type")]


def one_of(types: list[str]) -> str:
    """Join alternatives; a list of all that TOML can write would tell nobody anything."""
    different = list(dict.fromkeys(types))
    return "value" if len(different) > MOST_ALTERNATIVES else " or ".join(different)


def many(kind: str) -> str:
    """Put the name of a kind into the plural, where it has one."""
    return f"{kind}s" if kind in {"table", "value"} else kind


def default_of(schema: Schema) -> str:
    """Write a default as it would stand in the file, or that there is none."""
    default = schema.get("default")
    if default is None or default == "":
        return "nothing"
    if "anyOf" in schema and schema["anyOf"] == SIZES["anyOf"]:
        amount, unit = next((default // size, unit) for size, unit in UNITS if default % size == 0)
        return f'`"{amount}{unit}"`'
    return f"`{json.dumps(default)}`"


def is_variable(schema: Schema) -> bool:
    """Tell whether an alternative is there for a variable of the environment only."""
    return "${" in schema.get("pattern", "").replace("\\", "")


def is_below(key: str, tables: list[str]) -> bool:
    """Tell whether a dotted key lies in one of the tables."""
    return any(key.startswith((f"{table}.", f"{table}[]")) for table in tables)


def in_cell(text: str) -> str:
    """Keep a text within its cell."""
    return text.replace("|", "\\|")
