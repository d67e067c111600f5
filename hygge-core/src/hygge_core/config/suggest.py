"""Guessing what was meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from collections.abc import Iterable


def did_you_mean(word: object, known: Iterable[object]) -> str:
    """Suggest the closest known word; empty if none comes close."""
    if not isinstance(word, str):
        return ""
    by_lower = {name.lower(): name for name in known if isinstance(name, str)}
    near = get_close_matches(word.lower(), by_lower, n=1)
    return f"did you mean {by_lower[near[0]]}?" if near else ""
