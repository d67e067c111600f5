"""Keeping sensitive texts out of messages that plugins or libraries wrote."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from attrs import evolve

from hygge_core.config.environment import SHORTEST_SENSITIVE


if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from hygge_core.config.node import Node
    from hygge_core.errors import Problem


def mask(message: str, texts: Iterable[str]) -> str:
    """Put ``***`` over each of the texts, also where ``repr`` or JSON escaped it.

    A very short text is hidden only where it stands alone, so that words around it stay readable.
    """
    forms = {form for text in texts if text for form in (text, repr(text)[1:-1], json.dumps(text)[1:-1])}
    patterns = (_pattern(form) for form in sorted(forms, key=len, reverse=True))
    return re.sub("|".join(patterns), "***", message) if forms else message


def mask_problem(problem: Problem, texts: Collection[str]) -> Problem:
    """Hide the texts in what a problem says; where it is stays readable."""
    return evolve(problem, what=mask(problem.what, texts), fix=mask(problem.fix, texts))


def from_environment(node: Node) -> Iterator[str]:
    """Find all texts within a node that came from environment variables."""
    if isinstance(node.value, dict):
        for inner in node.value.values():
            yield from from_environment(inner)
    elif isinstance(node.value, list):
        for inner in node.value:
            yield from from_environment(inner)
    elif node.variables:
        yield str(node.value)


def _pattern(form: str) -> str:
    literal = re.escape(form)
    return literal if len(form) >= SHORTEST_SENSITIVE else rf"(?<!\w){literal}(?!\w)"
