"""The ``entities`` of a flow as they are written: names, places, and the keys of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, fields, frozen

from hygge_core.config.fields import unknown_keys
from hygge_core.config.model import TableConfig
from hygge_core.config.names import fault_in_name, folded
from hygge_core.config.node import LONGEST_SHOWN, Problems


if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hygge_core.config.node import Node, Place
    from hygge_core.errors import Problem

    ReadText = Callable[[Node], str]


TABLE_KEYS = tuple(attribute.name for attribute in fields(TableConfig))
"""What a flow may say of all its tables, and an entity of its own."""

_OVERLAID = ("home", "store")


@frozen(kw_only=True)
class Written:
    """One entity as it is written; ``place`` is that of its name or table."""

    name: str
    place: Place
    own: Mapping[str, Node]

    def settings(self, flow: Node) -> Node:
        """Lay the entity's keys over the flow's: ``home`` and ``store`` key by key, the others whole."""
        shared = {key: node for key, node in flow.table.items() if key in TABLE_KEYS}
        own = {
            key: _overlay(shared[key], node) if key in _OVERLAID and key in shared else node
            for key, node in self.own.items()
        }
        return evolve(flow, value=shared | own)

    def wrote(self, problem: Problem) -> bool:
        """Tell whether a problem lies in what the entity itself says."""
        return (problem.file, problem.key[: len(self.place.key)]) == (self.place.file, self.place.key)


def read_entities(flow: Node, name: str, read_text: ReadText, problems: Problems) -> list[Written]:
    """List the entities of a flow that are sound, or the flow itself as its only one."""
    listed = flow.table.get("entities")
    if listed is None:
        return [Written(name=name, place=flow.place, own={})]
    if not listed.items:
        raise listed.place.invalid("names no entity", "name at least one, or leave the key out to move one table")
    written = []
    for node in listed.items:
        with problems:
            written.append(_read_entity(node, read_text))
    problems.add(*_twice(written))
    return written


def check_name(name: str, place: Place) -> None:
    """Raise `Invalid` for a name of a flow or entity that could not be kept in its place."""
    fault = fault_in_name(name)
    if fault:
        shown = f" {name!r}" if len(name) <= LONGEST_SHOWN else ""
        raise place.invalid(f"the name{shown} {fault}", "choose another name")


def _read_entity(node: Node, read_text: ReadText) -> Written:
    if not node.known or not isinstance(node.value, str | dict):
        raise node.mismatch('a name or a table such as { name = "Order" }')
    if isinstance(node.value, str):
        check_name(node.value, node.place)
        return Written(name=node.value, place=node.place, own={})
    problems, name = Problems(), ""
    problems.add(*unknown_keys(node, ("name", *TABLE_KEYS)))
    with problems:
        name = _name_of(node, read_text)
    problems.settle()
    return Written(name=name, place=node.place, own={key: inner for key, inner in node.table.items() if key != "name"})


def _name_of(node: Node, read_text: ReadText) -> str:
    if "name" not in node.table:
        raise node.place.under("name").invalid("required key is missing")
    name = read_text(node.table["name"])
    check_name(name, node.table["name"].place)
    return name


def _twice(written: Iterable[Written]) -> Iterable[Problem]:
    """Find names that a file system may take for one another."""
    seen: dict[str, Written] = {}
    for entity in written:
        first = seen.setdefault(folded(entity.name), entity)
        if first is not entity:
            alike = first.name == entity.name
            what = (
                f"is listed at line {first.place.line} already"
                if alike
                else f"differs only in case from {first.name!r}"
            )
            yield entity.place.problem(f"the entity {entity.name!r} {what}", "keep one, or give it another name")


def _overlay(under: Node, over: Node) -> Node:
    """Lay one table over another; another ``type`` leaves nothing of the one below."""
    if not (isinstance(under.value, dict) and isinstance(over.value, dict)) or _changes_type(under.value, over.value):
        return over
    return evolve(over, value=under.value | over.value)


def _changes_type(under: Mapping[str, Node], over: Mapping[str, Node]) -> bool:
    return "type" in over and ("type" not in under or under["type"].value != over["type"].value)
