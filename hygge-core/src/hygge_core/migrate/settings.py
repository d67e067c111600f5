"""The settings of a table as paths to values, so that a rule finds its key at any depth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hygge_core.config.node import Node, dotted
from hygge_core.migrate.reading import leaves


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.config.lines import Path


Settings = dict["Path", Node]
"""Paths within a table, with the values there; lists of plain values are values."""

_STEP = re.compile(r"([^.\[]+)|\[\]")


def flatten(table: Mapping[str, Node], before: Path = ()) -> Settings:
    """Return the settings of a table, and of those within it."""
    found: Settings = {}
    for key, node in table.items():
        found.update(_flat(node, (*before, key)))
    return found


def _flat(node: Node, path: Path) -> Settings:
    if leaves(node) == [node]:
        return {path: node}
    if isinstance(node.value, dict):
        return flatten(node.value, path)
    items = node.value if isinstance(node.value, list) else []
    return {inner: leaf for index, item in enumerate(items) for inner, leaf in _flat(item, (*path, index)).items()}


def pattern_of(path: Path) -> str:
    """Write a path as rules do, with ``[]`` for each index."""
    return re.sub(r"\[\d+\]", "[]", dotted(path))


def beside(settings: Settings, path: Path) -> dict[str, Any]:
    """Return what the table of a value says besides, plainly: the item of a list, or all that is in no list."""
    last = max((number for number, step in enumerate(path) if isinstance(step, int)), default=-1)
    prefix = path[: last + 1]
    return {
        dotted(other[last + 1 :]): node.plain()
        for other, node in settings.items()
        if other[: last + 1] == prefix and not any(isinstance(step, int) for step in other[last + 1 :])
    }


def target(pattern: str, path: Path) -> Path:
    """Return the path that a rule leads to, with the indexes of the old one."""
    indexes = iter(step for step in path if isinstance(step, int))
    return tuple(found[1] or next(indexes) for found in _STEP.finditer(pattern))


def put(table: dict[Any, Any], path: Path, value: Any) -> None:
    """Set a value in nested tables, which come into being as they are needed; a list is a table by index until then."""
    inner = table
    for step in path[:-1]:
        inner = inner.setdefault(step, {})
    inner[path[-1]] = value


def settled(value: Any) -> Any:
    """Return what `put` made with lists where there were lists, without the items of which nothing came."""
    if not isinstance(value, dict):
        return value
    inner = {key: settled(part) for key, part in value.items()}
    return [inner[key] for key in sorted(inner)] if inner and all(isinstance(key, int) for key in inner) else inner
