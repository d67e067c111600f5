"""Rules for the polish, which a store had and a table has here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hygge_core.migrate.rules.rule import Asked, Dropped, dropped, renamed
from hygge_core.migrate.rules.values import truth


if TYPE_CHECKING:
    from collections.abc import Mapping


def _format(value: Any, table: Mapping[str, Any]) -> Any:
    if table.get("type", "datetime") != "string":
        raise Dropped('it means nothing beside type = "datetime"')
    return value


def _constant(value: Any, _: Mapping[str, Any]) -> Any:
    if isinstance(value, dict | list):
        raise Asked("a constant is one text, number, boolean, date or time", "choose one")
    return value


_WORDS = "words may be told apart otherwise, and names that collide are an error: see `hygge plan --verbose`"

POLISH = (
    renamed("polish.columns.case", "/polish.columns.case", _WORDS),
    renamed("polish.columns.remove_special", "/polish.columns.remove_special", _WORDS, convert=truth),
    renamed("polish.columns.remove_spaces", "/polish.columns.remove_spaces", _WORDS, convert=truth),
    renamed("polish.hash_ids[].name", "/polish.hash_ids[].name", "used as it is written, not cleaned"),
    renamed(
        "polish.hash_ids[].from_columns",
        "/polish.hash_ids[].from_columns",
        "hashed by a rule that tells all rows apart (defect 12), so every hash is another: begin with a full drop",
    ),
    renamed("polish.hash_ids[].algo", "/polish.hash_ids[].algo"),
    renamed("polish.hash_ids[].hex", "/polish.hash_ids[].hex", convert=truth),
    renamed("polish.constants[].name", "/polish.constants[].name"),
    renamed("polish.constants[].value", "/polish.constants[].value", convert=_constant),
    renamed("polish.timestamps[].name", "/polish.timestamps[].name"),
    renamed("polish.timestamps[].source", "/polish.timestamps[].source"),
    renamed("polish.timestamps[].type", "/polish.timestamps[].type"),
    renamed("polish.timestamps[].format", "/polish.timestamps[].format", convert=_format),
    dropped(
        "polish.add_row_marker.*",
        "the store open_mirroring writes markers itself; elsewhere a constant named __rowMarker__ would do",
    ),
)
"""``polish`` moves from the store to the flow or the entity and keeps its keys."""
