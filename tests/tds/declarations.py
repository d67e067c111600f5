"""The declarations of sp_executesql's parameters: `@P1 int, @P2 nvarchar(4000) OUTPUT`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import evolve

from tds.contract import MAX, SqlError, SqlType


if TYPE_CHECKING:
    from collections.abc import Sequence

    from tds.contract import Parameter

DECLARATION = re.compile(
    r"""\s* (?P<name>@[\w@$#]+) \s+ (?:AS\s+)? (?:\[?sys\]?\.)? \[?(?P<type>\w+)\]?
        (?: \s*\( \s* (?P<first>\w+) \s* (?: , \s* (?P<second>\d+) \s* )? \) )?
        (?P<output> \s+ (?:OUT|OUTPUT)\b )? \s* (?:,|$)""",
    re.IGNORECASE | re.VERBOSE,
)
SYNONYMS = {"integer": "int", "dec": "decimal", "rowversion": "timestamp", "sysname": "nvarchar"}
STRINGS = {"char", "varchar", "text", "nchar", "nvarchar", "ntext", "xml"}
BYTES = {"binary", "varbinary", "image", "timestamp"}
SIZED = {"char", "varchar", "nchar", "nvarchar", "binary", "varbinary"}


def declared(text: str) -> dict[str, SqlType]:
    """Return the types by name, in their order; `SqlError` 102 when the text is none that this server reads."""
    types: dict[str, SqlType] = {}
    position = 0
    while position < len(text.rstrip()):
        found = DECLARATION.match(text, position)
        if found is None:
            raise SqlError(102, f"Incorrect syntax near '{text[position : position + 20].strip()}'.", severity=15)
        types[found["name"]] = _type(found["type"].lower(), found["first"], found["second"])
        position = found.end()
    return types


def bind(types: dict[str, SqlType], given: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Give each value its declared name and type, by its name or else by its position."""
    names = list(types)
    bound = []
    for position, parameter in enumerate(given):
        name = parameter.name or (names[position] if position < len(names) else "")
        known = next((known for known in names if known.lower() == name.lower()), None)
        if known is None:
            raise SqlError(8144, "Procedure or function has too many arguments specified.")
        bound.append(_converted(evolve(parameter, name=known), types[known]))
    missing = [name for name in names if name not in {parameter.name for parameter in bound}]
    if missing:
        raise SqlError(8178, f"The parameterized query expects the parameter '{missing[0]}', which was not supplied.")
    return tuple(bound)


def _converted(parameter: Parameter, kind: SqlType) -> Parameter:
    """Return the parameter with its declared type, or with the type it was sent as where it needs a conversion."""
    sent = parameter.type.name
    alike = sent == kind.name or any({sent, kind.name} <= family for family in (STRINGS, BYTES, {"decimal", "numeric"}))
    return evolve(parameter, type=kind) if alike or parameter.value is None else parameter


def _type(name: str, first: str | None, second: str | None) -> SqlType:
    name = SYNONYMS.get(name, name)
    if name in SIZED:
        return SqlType(name, length=MAX if (first or "").lower() == "max" else int(first or 1))
    if name in {"decimal", "numeric"}:
        return SqlType(name, precision=int(first or 18), scale=int(second or 0))
    if name in {"time", "datetime2", "datetimeoffset"}:
        return SqlType(name, scale=int(first or 7))
    if name == "float" and first is not None:
        return SqlType("real" if int(first) <= 24 else "float")
    return SqlType(name)
