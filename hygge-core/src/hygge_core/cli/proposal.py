"""The flow that ``hygge init --from`` writes for the tables of a connection: complete, commented, yours to change."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from attrs import evolve

from hygge_core.config.names import fault_in_name, folded


if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hygge_core.connection import FoundTable


_FLOW = """\
# Written by `hygge init --from {name}`; everything here is yours to change.
# `hygge plan` says what a run would do, `hygge go` does it.

run_type = "full_drop"     # tables are replaced whole, unless they say otherwise
home = {{ type = {kind}, connection = {connection}{table} }}
store = {{ type = "parquet", path = {path} }}

entities = [
{entities}
]
"""
_PLACE = "{entity}"
_UNSAFE = re.compile(r"[\\/:\x00-\x1f\x7f-\x9f\u2028\u2029]")


def flow_text(kind: str, connection: str, found: Sequence[FoundTable]) -> str:
    """Write a flow file that moves the tables from a home of type ``kind``, each followed as it was proposed."""
    tables = list(_named_apart(found))
    template = _template(tables)
    entities = "\n".join(line for table in tables for line in _entity(table, template))
    return _FLOW.format(
        name=connection,
        kind=_text(kind),
        connection=_text(connection),
        table=f", table = {_text(template)}" if template else "",
        path=_text(f"settled/{_PLACE}"),
        entities=entities,
    )


def how(table: FoundTable) -> str:
    """Say in a few words how a table would be moved."""
    return f"incremental by {table.watermark}" if _is_followed(table) else "full_drop"


def _is_followed(table: FoundTable) -> bool:
    return bool(table.watermark and table.key)


def _named_apart(found: Iterable[FoundTable]) -> Iterator[FoundTable]:
    """Give each table a name that may stand in ``entities``, and that no file system takes for another's."""
    taken: set[str] = set()
    for table in found:
        name = _UNSAFE.sub("_", table.name).strip(" .")
        name = f"table {name}".strip() if fault_in_name(name) else name
        number = 1
        while folded(name if number == 1 else f"{name} {number}") in taken:
            number += 1
        name = name if number == 1 else f"{name} {number}"
        taken.add(folded(name))
        yield evolve(table, name=name)


def _template(tables: Iterable[FoundTable]) -> str:
    """Find what most tables are called, with the entity's place in it; empty where there is no pattern."""
    patterns = [_pattern(table) for table in tables]
    known = [pattern for pattern in patterns if pattern]
    return max(known, key=known.count) if known else ""


def _pattern(table: FoundTable) -> str:
    before = table.table.removesuffix(table.name)
    return "" if before == table.table else before + _PLACE


def _entity(table: FoundTable, template: str) -> Iterator[str]:
    yield from (f"    # {line}" for line in _remarks(table))
    keys = [f"name = {_text(table.name)}"]
    if not template or _pattern(table) != template:
        keys.append(f"home = {{ table = {_text(table.table)} }}")
    if _is_followed(table):
        key = ", ".join(map(_text, table.key))
        watermark = f"{{ column = {_text(table.watermark or '')}, key = [{key}] }}"
        keys += ['run_type = "incremental"', 'write = "upsert"', f"watermark = {watermark}"]
    yield f"    {_text(table.name)}," if len(keys) == 1 else f"    {{ {', '.join(keys)} }},"


def _remarks(table: FoundTable) -> Iterator[str]:
    rows = "" if table.rows is None else "1 row, " if table.rows == 1 else f"{table.rows:,} rows, "
    key = f"key {', '.join(table.key)}" if table.key else "no key"
    yield _one_line(f"{table.table}: {rows}{key}")
    yield from (_one_line(text) for text in (table.why, *table.notes) if text)


def _one_line(text: str) -> str:
    """Keep what a comment of TOML may hold."""
    return re.sub(r"[\x00-\x08\x0a-\x1f\x7f]+", " ", text)


def _text(value: str) -> str:
    """Write a text of TOML: JSON's form, but for the one sign that TOML escapes besides."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
