"""What became of the original's keys, and its defects, from the rules that `hygge migrate` goes by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygge_core.migrate.defects import DEFECTS
from hygge_core.migrate.rules.connections import MSSQL, OWN
from hygge_core.migrate.rules.homes import HOMES
from hygge_core.migrate.rules.stores import STORES
from hygge_core.migrate.rules.tables import ENTITY, FLOW
from hygge_core.migrate.rules.top import PROJECT


if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygge_core.migrate.rules.rule import Area, Rule


POLISH = "polish."
SEVERITIES = {"lost": "rows lost", "wrong": "wrong result", "stopped": "crash or hang", "awkward": "awkward"}


def moved(_: str = "") -> str:
    """Write a table of keys for each area of the original's configuration."""
    return "\n\n".join(f"### {headed(area.name)}\n\n{table(area)}" for area in areas())


def defects(_: str = "") -> str:
    """Write the 28 defects: what each did, whether `hygge migrate` names the tables of it, and how to check."""
    lines = ["| | what happened | tables are named | how to check |", "|---|---|---|---|"]
    for one in DEFECTS:
        told = "yes" if one.touches else "no"
        lines.append(f"| {one.number} | {SEVERITIES[one.severity]}: {cell(one.what)} | {told} | {cell(one.check)} |")
    return "\n".join(lines)


def areas() -> Iterator[Area]:
    """Yield every area once, in the order of the files."""
    yield from (PROJECT, MSSQL, FLOW, ENTITY)
    yield from dict.fromkeys(HOMES.values())
    yield OWN
    yield from dict.fromkeys(STORES.values())


def headed(name: str) -> str:
    """Begin a heading with a capital."""
    return name[:1].upper() + name[1:]


def table(area: Area) -> str:
    """Write the rules of an area; those of the polish, which all stores share, are left to the page."""
    rules = [rule for rule in area.rules if not rule.key.startswith(POLISH)]
    return "\n".join(["| there | here | |", "|---|---|---|", *map(row, rules)])


def row(rule: Rule) -> str:
    """Write one rule: the key, what it became, why."""
    became = f"`{rule.to.removeprefix('/')}`" if rule.to else "nothing"
    return f"| `{rule.key}` | {became} | {cell(rule.why)} |"


def cell(text: str) -> str:
    """Write a text so that it stays in its cell."""
    return text.replace("|", "\\|")
