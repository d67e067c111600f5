"""Keys that will go, and keys that have another name now: read all the same, with a warning at their line.

A configuration class says so in the metadata of an attribute: ``formerly`` holds a `Deprecation` for each name that
the key had, ``deprecated`` the one of the key itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve


if TYPE_CHECKING:
    from collections.abc import Mapping

    import attrs

    from hygge_core.config.node import Node, Problems
    from hygge_core.deprecation import Deprecation

    Attributes = Mapping[str, attrs.Attribute[Any]]


def former_keys(attribute: attrs.Attribute[Any]) -> Mapping[str, Deprecation]:
    """Return the names that a key had, each with what is to be said of it."""
    return {each.what: each for each in attribute.metadata.get("formerly", ())}


def with_present_names(node: Node, attributes: Attributes, problems: Problems) -> Node:
    """Return the table with its former keys under their present names, and warn of each.

    A key that stands under both names is a problem: nobody can tell which of them is meant.
    """
    present = {old: key for key, attribute in attributes.items() for old in former_keys(attribute)}
    table = dict(node.table)
    for old, key in present.items():
        inner = table.pop(old, None)
        if inner is None:
            continue
        _warn(inner, former_keys(attributes[key])[old])
        if key in table:
            problems.add(inner.place.problem(f"stands for {key!r}, which is there as well", f"take {old!r} out"))
        else:
            table[key] = inner
    for key, attribute in attributes.items():
        if key in table and (deprecation := attribute.metadata.get("deprecated")):
            _warn(table[key], deprecation)
    return evolve(node, value=table)


def _warn(node: Node, deprecation: Deprecation) -> None:
    evolve(deprecation, what=node.place.key).warn_at(node.place.file, node.place.line)
