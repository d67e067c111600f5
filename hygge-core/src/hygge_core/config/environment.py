"""Environment variables in the strings of a configuration.

``${NAME}`` is the variable, ``${NAME:-default}`` has a text for when it is unset or empty,
and ``$${`` stands for ``${`` itself.  What comes out of a variable is not looked at again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import evolve

from hygge_core.config.node import Problems


if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygge_core.config.node import Node


SHORTEST_SENSITIVE = 4
"""Texts with fewer characters are not hidden in the output: hiding every "1" or "dev" would only garble it."""

_REFERENCE = re.compile(r"\$\$\{|\$\{([^{}]*)\}|\$\{")
_INSIDE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?", re.DOTALL)


class FromEnvironment(str):
    """A text that came, in whole or in part, from the environment; its ``repr`` shows nothing of it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class Expansion:
    """Expands the variables of one project and remembers which were used.

    ``used`` holds their names, ``sensitive`` their texts, ``problems`` what went wrong.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.used: set[str] = set()
        self.sensitive: set[str] = set()
        self.problems = Problems()

    def expand(self, node: Node) -> Node:
        """Return the node with the variables of all strings within filled in."""
        if isinstance(node.value, dict):
            return evolve(node, value={key: self.expand(inner) for key, inner in node.value.items()})
        if isinstance(node.value, list):
            return evolve(node, value=[self.expand(inner) for inner in node.value])
        if isinstance(node.value, str) and "${" in node.value:
            return self._expand_text(node, node.value)
        return node

    def _expand_text(self, node: Node, text: str) -> Node:
        names: list[str] = []
        problems = Problems()

        def replace(match: re.Match[str]) -> str:
            if match[0] == "$${":
                return "${"
            with problems:
                return self._value_of(match, node, names)
            return ""

        expanded = _REFERENCE.sub(replace, text)
        self.problems.add(*problems.found)
        return evolve(
            node,
            value=FromEnvironment(expanded) if names else expanded,
            variables=tuple(dict.fromkeys(names)),
            whole=bool(names and _REFERENCE.fullmatch(text)),
            known=not problems.failed,
        )

    def _value_of(self, match: re.Match[str], node: Node, names: list[str]) -> str:
        inside = _INSIDE.fullmatch(match[1] or "")
        if not inside:
            raise node.place.invalid(
                "a reference to the environment is not complete",
                "write ${NAME} or ${NAME:-default} without braces in the default, or $${ for a literal ${",
            )
        name, default = inside[1], inside[2]
        names.append(name)
        self.used.add(name)
        value = self._environ.get(name)
        if default is not None and not value:
            return default
        if value is None:
            raise node.place.invalid(
                f"the environment variable {name} is not set", f"set it, or give a default: ${{{name}:-...}}"
            )
        if len(value) >= SHORTEST_SENSITIVE:
            self.sensitive.add(value)
        return value
