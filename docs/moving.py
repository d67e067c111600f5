"""What became of the original's keys, and its defects, from the rules that `hygge migrate` goes by."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from hygge_core.migrate.defects import DEFECTS
from hygge_core.migrate.rules.connections import MSSQL, OWN
from hygge_core.migrate.rules.homes import HOMES
from hygge_core.migrate.rules.stores import STORES
from hygge_core.migrate.rules.tables import ENTITY, FLOW
from hygge_core.migrate.rules.top import PROJECT


if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygge_core.migrate.rules.rule import Rule


POLISH = "polish."
SEVERITIES = {"lost": "rows lost", "wrong": "wrong result", "stopped": "crash or hang", "awkward": "awkward"}


def moved(_: str = "") -> str:
    """Write what became of the keys of each area of the original's configuration."""
    stores = list(dict.fromkeys(STORES.values()))
    shared = [rule for rule in stores[0].rules if all(rule in store.rules for store in stores)]
    parts = [section(area.name, area.rules) for area in (PROJECT, MSSQL, FLOW, ENTITY)]
    parts += [section(area.name, area.rules) for area in dict.fromkeys((*HOMES.values(), OWN))]
    parts.append(section("every store", shared))
    parts += [section(area.name, [rule for rule in area.rules if rule not in shared]) for area in stores]
    return "\n\n".join(parts)


def defects(_: str = "") -> str:
    """Write the 28 defects: what each did, whether `hygge migrate` names the tables of it, and how to check."""
    lines = ["| | what happened | tables are named | how to check |", "|---|---|---|---|"]
    for one in DEFECTS:
        told = "yes" if one.touches else "no"
        lines.append(f"| {one.number} | {SEVERITIES[one.severity]}: {cell(one.what)} | {told} | {cell(one.check)} |")
    return "\n".join(lines)


def section(name: str, rules: Iterable[Rule]) -> str:
    """Write one area: what is kept as it is in a line, the rest in a table; the polish is left to the page."""
    rules = [rule for rule in rules if not rule.key.startswith(POLISH)]
    plain = [rule for rule in rules if rule.kind == "kept" and not rule.why]
    lines = [f"### {name[:1].upper()}{name[1:]}", ""]
    if plain:
        lines += [f"Kept as they are: {keys(plain)}.", ""]
    lines += ["| there | here | |", "|---|---|---|"]
    groups = groupby((rule for rule in rules if rule not in plain), key=lambda rule: (rule.to or None, rule.why))
    return "\n".join([*lines, *(row(list(group), to, why) for (to, why), group in groups)])


def row(rules: list[Rule], to: str | None, why: str) -> str:
    """Write rules that come to the same: the keys, what they became, why."""
    became = "nothing" if to is None else f"`{to.removeprefix('/')}`"
    return f"| {keys(rules)} | {became} | {cell(why)} |"


def keys(rules: Iterable[Rule]) -> str:
    """List the old keys of rules."""
    return ", ".join(f"`{rule.key}`" for rule in rules)


def cell(text: str) -> str:
    """Write a text so that it stays in its cell."""
    return text.replace("|", "\\|")
